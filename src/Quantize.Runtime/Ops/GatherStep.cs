using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>
/// Moves elements: the output seen as these dimensions, position (i0, i1, ...) takes input element start + sum(i * stride). What a slice and a transposition have in common.
/// </summary>
internal sealed class GatherStep(TensorSlot input, TensorSlot output, int start, int[] dimensions, int[] strides, int elementBytes, string kernel) : Step
{
    public override string Kernel => kernel;

    public override void Run(in RunContext context) => Run(context, start);

    /// <summary>The same from another first element.</summary>
    public void Run(in RunContext context, int start)
    {
        switch (elementBytes)
        {
            case 1: Move(context.Read<byte>(input), context.Write<byte>(output), start); break;
            case 2: Move(context.Read<short>(input), context.Write<short>(output), start); break;
            case 4: Move(context.Read<int>(input), context.Write<int>(output), start); break;
            default: Move(context.Read<long>(input), context.Write<long>(output), start); break;
        }
    }

    private void Move<T>(ReadOnlySpan<T> source, Span<T> target, int start)
    {
        if (target.IsEmpty)
            return;
        if (strides.Length == 0)
        {
            target[0] = source[start];
            return;
        }

        int at = 0;
        Move(source, target, 0, start, ref at);
    }

    private void Move<T>(ReadOnlySpan<T> source, Span<T> target, int dimension, int from, ref int at)
    {
        int count = dimensions[dimension], stride = strides[dimension];
        if (dimension < strides.Length - 1)
        {
            for (int i = 0; i < count; i++, from += stride)
                Move(source, target, dimension + 1, from, ref at);
            return;
        }

        if (stride == 1)
        {
            source.Slice(from, count).CopyTo(target[at..]);
            at += count;
            return;
        }

        for (int i = 0; i < count; i++, from += stride)
            target[at++] = source[from];
    }
}
