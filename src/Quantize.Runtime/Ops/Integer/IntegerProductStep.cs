using System.Numerics;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Threads;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>
/// 8-bit codes: stored activations times packed weights on the tiles of the hybrid products, a block of rows at a time, whose sums are still in the cache when they
/// become codes.
/// </summary>
internal sealed class IntegerProductStep<TOutput> : BatchStep
    where TOutput : unmanaged, IBinaryInteger<TOutput>
{
    private readonly IntegerLayer _layer;
    private readonly IntegerInput _input;
    private readonly IntegerWeights _weights;
    private readonly Requantization _requantization;
    private readonly MemberScratch _sums;
    private readonly int _blockRows;

    public IntegerProductStep(IntegerLayer layer)
        : base(layer.Items, layer.Context.Threads)
    {
        _layer = layer;
        _input = layer.Input(Copies);
        int[] bias = IntegerBias.Narrow(layer.Context, layer.BiasInput, layer.Outputs);
        _weights = new IntegerWeights(layer.Context, layer.Filter, bias, FloatWeights.BiasKey(layer.Context, layer.BiasInput), _input.Gemm, layer.Groups, layer.Product);
        _requantization = layer.Requantization();
        _blockRows = layer.BlockRows(_weights.RowLength);
        _sums = new MemberScratch(layer.Context, checked(_blockRows * _weights.RowLength * sizeof(int)), layer.Context.Threads);
        Kernel = layer.Kernel;
    }

    public override string Kernel { get; }

    protected override int ItemPhases => 3;

    protected override long ItemWork => (long)_layer.Product.Rows * _layer.Product.Depth * _layer.Outputs;

    protected override int ItemParts(int phase, int members) => phase switch
    {
        0 => _input.PartsToConvert(members),
        1 => _input.PartsToPad(members),
        _ => Cutting.Parts(ItemWork, _layer.Product.Rows / Tiling.Rows, members),
    };

    protected override void RunItem(in RunContext context, int item, in Part part)
    {
        Part copy = part with { Member = Copy(part) };
        if (part.Phase == 0)
            _input.Convert(context, Item(context.Read<byte>(_layer.Source), item), low: false, copy);
        else if (part.Phase == 1)
            _input.Pad(context, low: false, copy);
        else
            Multiply(context, item, part);
    }

    private ReadOnlySpan<byte> Item(ReadOnlySpan<byte> source, int item)
    {
        int length = source.Length / _layer.Items;
        return source.Slice(item * length, length);
    }

    private void Multiply(in RunContext context, int item, in Part part)
    {
        ReadOnlySpan<byte> stored = _input.Stored(context, low: false, Copy(part));
        (int first, int count) = part.Share(_layer.Product.Rows, Tiling.Rows);
        Span<TOutput> codes = context.Write<TOutput>(_layer.Target).Slice((item * _layer.Product.Rows + first) * _layer.Outputs, count * _layer.Outputs);
        for (int group = 0; group < _layer.Groups; group++)
            Multiply(stored, group, first, count, _sums.Of<int>(context, part.Member), codes);
    }

    /// <summary>Some rows of one group; the codes begin with the first of them.</summary>
    private void Multiply(ReadOnlySpan<byte> stored, int group, int firstRow, int rowCount, Span<int> sums, Span<TOutput> codes)
    {
        GemmGeometry product = _layer.Product;
        int start = _layer.Groups > 1 ? group * product.SegmentLength * _input.ElementBytes : 0, length = _weights.RowLength, output = group * _weights.Outputs;
        for (int done = 0; done < rowCount; done += _blockRows)
        {
            int count = Math.Min(_blockRows, rowCount - done);
            _input.Gemm.RunSums(stored[start..], product, firstRow + done, count, _weights.Group(group), _input.Correction(low: false), sums);
            for (int row = 0; row < count && _weights.ZeroPoint != 0; row++)
                _weights.Corrected(sums.Slice(row * length, length));
            _requantization.Rows(sums, count, length, output, _weights.Outputs, codes[(done * _layer.Outputs + output)..]);
        }
    }
}
