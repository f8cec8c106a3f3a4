using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>
/// 16-bit codes: two products, of their high and of their low bytes, joined in 64 bits before they are rounded (in 32 where Google's kernels keep no more; in doubles
/// where they round so).
/// </summary>
internal sealed class WideProductStep : Step
{
    private readonly IntegerLayer _layer;
    private readonly IntegerInput _input;
    private readonly IntegerWeights _weights;
    private readonly Requantization _requantization;
    private readonly long[] _bias;
    private readonly bool _narrowSums;
    private readonly ExactRounding? _exact;
    private readonly TensorSlot _high;
    private readonly TensorSlot _low;
    private readonly TensorSlot _joined;
    private readonly int _blockRows;

    public WideProductStep(IntegerLayer layer)
    {
        _layer = layer;
        _input = layer.Input();
        _weights = new IntegerWeights(layer.Context, layer.Filter, [], "of 16 bits", _input.Gemm, layer.Groups, layer.Product);
        _requantization = layer.Requantization();
        _bias = IntegerBias.Wide(layer.Context, layer.BiasInput, layer.Outputs);
        _narrowSums = layer.SumsAreNarrow;
        _exact = layer.RoundsInDoubles ? new ExactRounding(layer) : null;
        _blockRows = layer.BlockRows(_weights.RowLength);
        int sums = checked(_blockRows * _weights.RowLength * sizeof(int));
        (_high, _low) = (layer.Context.Scratch(sums), layer.Context.Scratch(sums));
        _joined = layer.Context.Scratch(checked(_weights.Outputs * sizeof(long)));
        Kernel = layer.Kernel;
    }

    public override string Kernel { get; }

    public override void Run(in RunContext context)
    {
        ReadOnlySpan<byte> source = context.Read<byte>(_layer.Source);
        Span<short> target = context.Write<short>(_layer.Target);
        int sourceLength = source.Length / Math.Max(1, _layer.Items), targetLength = target.Length / Math.Max(1, _layer.Items);
        for (int item = 0; item < _layer.Items; item++)
        {
            ReadOnlySpan<byte> codes = source.Slice(item * sourceLength, sourceLength);
            ReadOnlySpan<byte> high = _input.Store(context, codes, low: false), low = _input.Store(context, codes, low: true);
            for (int group = 0; group < _layer.Groups; group++)
                Multiply(context, high, low, group, target.Slice(item * targetLength, targetLength));
        }
    }

    private void Multiply(in RunContext context, ReadOnlySpan<byte> high, ReadOnlySpan<byte> low, int group, Span<short> codes)
    {
        GemmGeometry product = _layer.Product;
        Span<int> highSums = context.Write<int>(_high), lowSums = context.Write<int>(_low);
        Span<long> joined = context.Write<long>(_joined);
        Span<int> narrow = context.Write<int>(_joined)[.._weights.Outputs];
        int start = _layer.Groups > 1 ? group * product.SegmentLength * _input.ElementBytes : 0, length = _weights.RowLength, output = group * _weights.Outputs;
        for (int first = 0; first < product.Rows; first += _blockRows)
        {
            int count = Math.Min(_blockRows, product.Rows - first);
            _input.Gemm.RunSums(high[start..], product, first, count, _weights.Group(group), _input.Correction(low: false), highSums);
            _input.Gemm.RunSums(low[start..], product, first, count, _weights.Group(group), _input.Correction(low: true), lowSums);
            for (int row = 0; row < count; row++)
            {
                ReadOnlySpan<int> highRow = _weights.Corrected(highSums.Slice(row * length, length)), lowRow = _weights.Corrected(lowSums.Slice(row * length, length));
                Span<short> target = codes[((first + row) * _layer.Outputs + output)..];
                if (_narrowSums)
                {
                    JoinNarrow(highRow, lowRow, _bias.AsSpan(output), narrow);
                    _requantization.Row<short>(narrow, output, target);
                    continue;
                }

                Join(highRow, lowRow, _bias.AsSpan(output), joined);
                if (_exact is null)
                    _requantization.Row(joined, output, target);
                else
                    _exact.Row(joined, target);
            }
        }
    }

    private static void Join(ReadOnlySpan<int> high, ReadOnlySpan<int> low, ReadOnlySpan<long> bias, Span<long> joined)
    {
        for (int n = 0; n < joined.Length; n++)
            joined[n] = 256L * high[n] + low[n] + bias[n];
    }

    private static void JoinNarrow(ReadOnlySpan<int> high, ReadOnlySpan<int> low, ReadOnlySpan<long> bias, Span<int> joined)
    {
        for (int n = 0; n < joined.Length; n++)
            joined[n] = unchecked(256 * high[n] + low[n] + (int)bias[n]);
    }
}
