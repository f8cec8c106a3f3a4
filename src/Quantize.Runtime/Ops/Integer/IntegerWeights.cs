using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>
/// Constant weights [groups * outputs, depth], packed for integer sums. Where they have a zero point, one more output of ones gives the sum of each row's activations,
/// which is then taken off as often as the zero point says.
/// </summary>
internal sealed class IntegerWeights
{
    private readonly Lazy<PackedHybridWeights[]> _packed;

    /// <summary>Where the weights lie otherwise than [groups * outputs, depth], <paramref name="order"/> brings their codes there.</summary>
    public IntegerWeights(
        PrepareContext context, TensorSlot weights, ReadOnlySpan<int> bias, string biasKey, HybridGemm gemm, int groups, GemmGeometry product, Func<sbyte[], sbyte[]>? order = null)
    {
        ZeroPoint = WeightCodes.ZeroPoint(context, weights);
        Groups = groups;
        Outputs = product.Depth == 0 ? weights.Shape[0] / groups : weights.ElementCount / product.Depth / groups;
        int[] starts = bias.ToArray();
        _packed = context.Packed(
            weights, $"{context.Kernels.Name} sums {product.SegmentLength} {biasKey}", () => Pack(gemm, order is null ? WeightCodes.Signed(context, weights) : order(WeightCodes.Signed(context, weights)), starts, product));
    }

    public int Groups { get; }

    /// <summary>Of one group.</summary>
    public int Outputs { get; }

    public int ZeroPoint { get; }

    /// <summary>Sums of one row: those of the outputs, and that of the ones.</summary>
    public int RowLength => ZeroPoint == 0 ? Outputs : Outputs + 1;

    public PackedHybridWeights Group(int group) => _packed.Value[group];

    /// <summary>The outputs' sums of one row, whose last one may be that of the ones.</summary>
    public Span<int> Corrected(Span<int> row)
    {
        Span<int> outputs = row[..Outputs];
        if (ZeroPoint == 0)
            return outputs;
        int excess = unchecked(ZeroPoint * row[Outputs]);
        for (int n = 0; n < outputs.Length; n++)
            outputs[n] = unchecked(outputs[n] - excess);
        return outputs;
    }

    private PackedHybridWeights[] Pack(HybridGemm gemm, sbyte[] codes, int[] bias, GemmGeometry product)
    {
        var packed = new PackedHybridWeights[Groups];
        int length = Outputs * product.Depth;
        for (int g = 0; g < Groups; g++)
        {
            ReadOnlySpan<sbyte> group = codes.AsSpan(g * length, length);
            if (ZeroPoint != 0)
                group = (sbyte[])[.. group, .. Enumerable.Repeat((sbyte)1, product.Depth)];
            packed[g] = gemm.Pack(group, bias.Length == 0 ? [] : bias.AsSpan(g * Outputs, Outputs), RowLength, product.SegmentOffsets.Length, product.SegmentLength);
        }

        return packed;
    }
}
