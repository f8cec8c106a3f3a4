using System.Numerics;
using System.Runtime.InteropServices;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Threads;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>A function of 8-bit codes, looked up.</summary>
internal sealed class CodeTableStep<TSource, TTarget>(TensorSlot input, TensorSlot output, TTarget[] table, string name) : ParallelStep
    where TSource : unmanaged, IBinaryInteger<TSource>, IMinMaxValue<TSource>
    where TTarget : unmanaged
{
    public override string Kernel => $"{name} {input.Type}, table";

    protected override int Phases => 1;

    public override void RunPart(in RunContext context, in Part part)
    {
        (int first, int count) = ElementCut.Share(part, output.ElementCount);
        ReadOnlySpan<TSource> source = context.Read<TSource>(input).Slice(first, count);
        Span<TTarget> target = context.Write<TTarget>(output).Slice(first, count);
        int lowest = int.CreateTruncating(TSource.MinValue);
        for (int i = 0; i < target.Length; i++)
            target[i] = table[int.CreateTruncating(source[i]) - lowest];
    }

    protected override int Parts(int phase, int members) => ElementCut.Parts(output.ElementCount, 2 * Cutting.WorkOfElement, members);
}
