using System.Numerics;
using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Threads;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>ADD and SUB of 8-bit codes.</summary>
internal sealed class IntegerSumStep<T> : ParallelStep
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    private readonly TensorSlot _a;
    private readonly TensorSlot _b;
    private readonly TensorSlot _output;
    private readonly BroadcastGeometry _geometry;
    private readonly CodeArithmetic _codes;
    private readonly CodeSum _sum;

    public IntegerSumStep(PrepareContext context, BinaryFunction function, ActivationFunction activation)
    {
        (_a, _b, _output) = (context.Input(0), context.Input(1), context.Output(0));
        _geometry = new BroadcastGeometry(_a.Shape, _b.Shape, _output.Shape);
        TensorScale a = TensorScale.Of(_a, context), b = TensorScale.Of(_b, context), output = TensorScale.Of(_output, context);
        double coarse = 2 * Math.Max((double)a.Scale, b.Scale);
        CodeRange range = CodeRange.Of(activation, _output, context);
        _codes = context.Kernels.CodeArithmetic;
        _sum = new CodeSum(
            FixedPointMultiplier.Of(a.Scale / coarse), FixedPointMultiplier.Of(b.Scale / coarse), FixedPointMultiplier.Of(coarse / ((1 << CodeSum.Headroom) * (double)output.Scale)),
            a.ZeroPoint, b.ZeroPoint, function == BinaryFunction.Subtract ? -1 : 1, output.ZeroPoint, range.Minimum, range.Maximum);
        Kernel = $"{context.Kernels.Name} {function.ToString().ToLowerInvariant()} {_output.Type}";
    }

    public override string Kernel { get; }

    protected override int Phases => 1;

    /// <summary>A share of the output's elements: the ends of two rows, and whole rows between.</summary>
    public override void RunPart(in RunContext context, in Part part)
    {
        ReadOnlySpan<T> a = context.Read<T>(_a), b = context.Read<T>(_b);
        (int first, int count) = ElementCut.Share(part, _output.ElementCount);
        Span<T> target = context.Write<T>(_output).Slice(first, count);
        for (int done = 0, run; done < count; done += run)
        {
            (int row, int column) = Math.DivRem(first + done, _geometry.RowLength);
            run = Math.Min(count - done, _geometry.RowLength - column);
            (int atA, int atB) = _geometry.Offsets(row);
            _codes.Sum(
                _sum, BroadcastGeometry.Run(a, atA, _geometry.LengthA, column, run), BroadcastGeometry.Run(b, atB, _geometry.LengthB, column, run), target.Slice(done, run));
        }
    }

    protected override int Parts(int phase, int members) => ElementCut.Parts(_output.ElementCount, 2 * Cutting.WorkOfElement, members);
}
