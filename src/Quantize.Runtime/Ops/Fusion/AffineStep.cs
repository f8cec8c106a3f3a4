using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Threads;

namespace Quantize.Runtime.Ops.Fusion;

/// <summary>clamp(x * factor + offset) with constants that repeat along the last dimension.</summary>
internal sealed class AffineStep : ParallelStep
{
    /// <summary>Rows are made at least that long where they can, so that few elements are left over from whole vectors.</summary>
    private const int LongRow = 64;

    private readonly Elementwise _elementwise;
    private readonly ActivationRange _range;
    private readonly TensorSlot _x;
    private readonly TensorSlot _output;
    private readonly AlignedBuffer _factor;
    private readonly AlignedBuffer _offset;

    public AffineStep(PrepareContext context, TensorSlot x, TensorSlot factor, TensorSlot offset, bool subtracts, ActivationRange range, TensorSlot output)
    {
        _elementwise = context.Kernels.Elementwise;
        _range = range;
        _x = x;
        _output = output;
        int rowLength = x.Shape.Length == 0 ? 1 : x.Shape[^1];
        while (rowLength is > 0 and < LongRow && x.ElementCount % (2 * rowLength) == 0)
            rowLength *= 2;
        _factor = Row(context.Constant<float>(factor), rowLength, sign: 1);
        _offset = Row(context.Constant<float>(offset), rowLength, subtracts ? -1 : 1);
        Kernel = $"{context.Kernels.Name} affine float";
    }

    public override string Kernel { get; }

    protected override int Phases => 1;

    private int RowLength => _factor.As<float>().Length;

    /// <summary>Whole rows.</summary>
    public override void RunPart(in RunContext context, in Part part)
    {
        (int first, int count) = part.Share(_output.ElementCount, Math.Max(1, RowLength));
        _elementwise.Affine(context.Read<float>(_x).Slice(first, count), _factor.As<float>(), _offset.As<float>(), context.Write<float>(_output).Slice(first, count), _range.Minimum, _range.Maximum);
    }

    protected override int Parts(int phase, int members) =>
        Cutting.Parts((long)_output.ElementCount * Cutting.WorkOfElement, _output.ElementCount / Math.Max(1, RowLength), members);

    private static AlignedBuffer Row(ReadOnlySpan<float> constant, int length, float sign)
    {
        var row = new AlignedBuffer(checked(length * sizeof(float)));
        Span<float> elements = row.As<float>();
        for (int i = 0; i < length; i++)
            elements[i] = sign * constant[i % constant.Length];
        return row;
    }
}
