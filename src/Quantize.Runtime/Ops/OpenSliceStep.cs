using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>A slice whose size is known before the run, but not where it begins.</summary>
/// <param name="gather">Moves the elements.</param>
/// <param name="begin">The tensor that says where, int32 or int64.</param>
/// <param name="known">First element as far as it is known.</param>
/// <param name="axes">The dimensions whose begin is not.</param>
internal sealed class OpenSliceStep(GatherStep gather, TensorSlot begin, int known, OpenSliceStep.Axis[] axes) : Step
{
    public override string Kernel => gather.Kernel;

    public override void Run(in RunContext context)
    {
        int start = known;
        foreach (Axis axis in axes)
            start += Index(context, axis) * axis.Stride;
        gather.Run(context, start);
    }

    private int Index(in RunContext context, Axis axis)
    {
        long wanted = begin.Type == TensorType.Int64 ? context.Read<long>(begin)[axis.Position] : context.Read<int>(begin)[axis.Position];
        long index = wanted < 0 && axis.CountsFromBehind ? wanted + axis.Length : wanted;
        return index >= 0 && index <= axis.Length - axis.Count
            ? (int)index
            : throw new InvalidOperationException($"'{begin.Name}' takes {axis.Count} elements from {wanted} of a dimension of {axis.Length}");
    }

    /// <summary>A dimension: where its begin stands, how many elements it has and how many are taken, and how far apart they are.</summary>
    internal sealed record Axis(int Position, int Length, int Count, int Stride, bool CountsFromBehind);
}
