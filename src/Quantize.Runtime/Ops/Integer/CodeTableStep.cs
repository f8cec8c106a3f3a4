using System.Numerics;
using System.Runtime.InteropServices;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>A function of 8-bit codes, looked up.</summary>
internal sealed class CodeTableStep<TSource, TTarget>(TensorSlot input, TensorSlot output, TTarget[] table, string name) : Step
    where TSource : unmanaged, IBinaryInteger<TSource>, IMinMaxValue<TSource>
    where TTarget : unmanaged
{
    public override string Kernel => $"{name} {input.Type}, table";

    public override void Run(in RunContext context)
    {
        ReadOnlySpan<TSource> source = context.Read<TSource>(input);
        Span<TTarget> target = context.Write<TTarget>(output);
        int lowest = int.CreateTruncating(TSource.MinValue);
        for (int i = 0; i < target.Length; i++)
            target[i] = table[int.CreateTruncating(source[i]) - lowest];
    }
}
