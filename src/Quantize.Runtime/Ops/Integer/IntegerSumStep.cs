using System.Numerics;
using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Threads;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>
/// ADD and SUB of 8-bit codes: each operand's code in twice the coarser scale, with 20 bits of headroom, stands in a table; the sums are rounded to the output's scale in
/// vectors.
/// </summary>
internal sealed class IntegerSumStep<T> : ParallelStep
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    private const int Headroom = 20;
    private const int Chunk = 1024;

    private readonly TensorSlot _a;
    private readonly TensorSlot _b;
    private readonly TensorSlot _output;
    private readonly MemberScratch _sums;
    private readonly BroadcastGeometry _geometry;
    private readonly Requantization _requantization;
    private readonly int[] _tableA;
    private readonly int[] _tableB;
    private readonly string _name;

    public IntegerSumStep(PrepareContext context, BinaryFunction function, ActivationFunction activation)
    {
        (_a, _b, _output) = (context.Input(0), context.Input(1), context.Output(0));
        _geometry = new BroadcastGeometry(_a.Shape, _b.Shape, _output.Shape);
        TensorScale a = TensorScale.Of(_a, context), b = TensorScale.Of(_b, context), output = TensorScale.Of(_output, context);
        double coarse = 2 * Math.Max((double)a.Scale, b.Scale);
        _tableA = Table(a, coarse, 1);
        _tableB = Table(b, coarse, function == BinaryFunction.Subtract ? -1 : 1);
        CodeRange range = CodeRange.Of(activation, _output, context);
        var factor = FixedPointMultiplier.Of(coarse / ((1 << Headroom) * (double)output.Scale));
        _requantization = new Requantization(context.Kernels.Requantizer, [factor], Chunk, FixedPointRounding.Twice, output.ZeroPoint, range.Minimum, range.Maximum);
        _sums = new MemberScratch(context, Chunk * sizeof(int), context.Threads);
        _name = $"{context.Kernels.Name} {function.ToString().ToLowerInvariant()} {_output.Type}";
    }

    public override string Kernel => _name;

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
            Row(BroadcastGeometry.Run(a, atA, _geometry.LengthA, column, run), BroadcastGeometry.Run(b, atB, _geometry.LengthB, column, run), _sums.Of<int>(context, part.Member), target.Slice(done, run));
        }
    }

    protected override int Parts(int phase, int members) => ElementCut.Parts(_output.ElementCount, 2 * Cutting.WorkOfElement, members);

    private static int[] Table(TensorScale scale, double coarse, int sign)
    {
        int lowest = int.CreateTruncating(T.MinValue);
        var factor = FixedPointMultiplier.Of(scale.Scale / coarse);
        return [.. Enumerable.Range(lowest, 256).Select(code => sign * factor.RoundTwice((code - scale.ZeroPoint) << Headroom))];
    }

    private void Row(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<int> sums, Span<T> target)
    {
        int lowest = int.CreateTruncating(T.MinValue), stepA = a.Length == 1 ? 0 : 1, stepB = b.Length == 1 ? 0 : 1;
        for (int at = 0; at < target.Length; at += Chunk)
        {
            Span<int> chunk = sums[..Math.Min(Chunk, target.Length - at)];
            for (int i = 0; i < chunk.Length; i++)
                chunk[i] = _tableA[int.CreateTruncating(a[(at + i) * stepA]) - lowest] + _tableB[int.CreateTruncating(b[(at + i) * stepB]) - lowest];
            _requantization.Row(chunk, 0, target[at..]);
        }
    }
}
