using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Threads;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>A function from 8-bit codes to codes, looked up.</summary>
internal sealed class CodeTableStep<TSource, TTarget>(TensorSlot input, TensorSlot output, TTarget[] table, string name) : ParallelStep
    where TSource : unmanaged, IBinaryInteger<TSource>, IMinMaxValue<TSource>
    where TTarget : unmanaged
{
    private readonly TTarget[] _table = ByBits(table);

    public override string Kernel => $"{name} {input.Type}, table";

    protected override int Phases => 1;

    public override void RunPart(in RunContext context, in Part part)
    {
        (int first, int count) = ElementCut.Share(part, output.ElementCount);
        ReadOnlySpan<TSource> source = context.Read<TSource>(input).Slice(first, count);
        Span<TTarget> target = context.Write<TTarget>(output).Slice(first, count);
        ReadOnlySpan<byte> codes = MemoryMarshal.Cast<TSource, byte>(source);
        if (Unsafe.SizeOf<TTarget>() == 1)
        {
            CodeLookup.Run(codes, MemoryMarshal.Cast<TTarget, byte>(_table), MemoryMarshal.Cast<TTarget, byte>(target));
            return;
        }

        for (int i = 0; i < target.Length; i++)
            target[i] = _table[codes[i]];
    }

    protected override int Parts(int phase, int members) => ElementCut.Parts(output.ElementCount, Cutting.WorkOfElement, members);

    /// <summary>The table begins with the lowest code; here with the code whose bits are zero.</summary>
    private static TTarget[] ByBits(TTarget[] table)
    {
        int zero = -int.CreateTruncating(TSource.MinValue);
        return [.. table[zero..], .. table[..zero]];
    }
}
