using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>What else is done to the rows that a convolution has just computed, block by block, while they are in the cache: a tensor is added to them and the sum is clamped.</summary>
internal sealed class RowEpilogue
{
    /// <summary>Results of a block, so large that starting a block costs little.</summary>
    private const int BlockBytes = 64 << 10;

    private readonly Elementwise _elementwise;
    private readonly TensorSlot _addend;
    private readonly TensorSlot _output;
    private readonly ActivationRange _range;
    private readonly GemmGeometry _product;
    private readonly int _elementBytes;

    private RowEpilogue(PrepareContext context, TensorSlot addend, ActivationRange range, GemmGeometry product, int elementBytes)
    {
        _elementwise = context.Kernels.Elementwise;
        (_addend, _output, _range, _product, _elementBytes) = (addend, context.Output(0), range, product, elementBytes);
    }

    /// <summary>Null where the product has all to itself.</summary>
    public static RowEpilogue? Of(PrepareContext context, ActivationRange range, GemmGeometry product, int elementBytes) =>
        context.Fused.Addend is { } addend ? new RowEpilogue(context, addend, range, product, elementBytes) : null;

    /// <summary>Rows of a block: such as the product would take through all its panels at a time, or several times as many.</summary>
    public int BlockRows(in GemmPart part)
    {
        int outputs = _output.Shape[^1];
        int block = GemmGeometry.BlockRows(part.Rows, _product.Depth, (long)_product.Depth * outputs * _elementBytes, _elementBytes);
        return block * Math.Max(1, BlockBytes / (block * outputs * sizeof(float)));
    }

    /// <summary>Rows of the item that begins at <paramref name="start"/>.</summary>
    public void Run(in RunContext context, int start, in GemmPart part)
    {
        int outputs = _output.Shape[^1], whole = part.Outputs == outputs ? part.Rows : 1, length = whole * part.Outputs;
        ReadOnlySpan<float> addend = context.Read<float>(_addend);
        Span<float> output = context.Write<float>(_output);
        for (int row = part.FirstRow; row < part.FirstRow + part.Rows; row += whole)
        {
            int at = start + row * outputs + part.FirstOutput;
            Span<float> sums = output.Slice(at, length);
            _elementwise.Binary(BinaryFunction.Add, sums, addend.Slice(at, length), sums, _range.Minimum, _range.Maximum);
        }
    }
}
