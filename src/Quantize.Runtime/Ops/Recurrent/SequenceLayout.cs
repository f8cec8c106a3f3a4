using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>Where the rows of a sequence lie: [steps, batch, depth] where time is major, [batch, steps, depth] where it is not, [batch, depth] of one step.</summary>
internal readonly record struct SequenceLayout(int Steps, int Batch, int StepStride, int BatchStride)
{
    public static SequenceLayout OfSequence(PrepareContext context, TensorSlot tensor, bool timeMajor)
    {
        if (tensor.Shape.Length != 3)
            throw context.Fail($"wants '{tensor.Name}' with 3 dimensions, but its shape is [{string.Join(',', tensor.Shape)}]");
        return timeMajor ? new(tensor.Shape[0], tensor.Shape[1], tensor.Shape[1], 1) : new(tensor.Shape[1], tensor.Shape[0], 1, tensor.Shape[1]);
    }

    public static SequenceLayout OfStep(PrepareContext context, TensorSlot tensor) => tensor.Shape.Length == 2
        ? new(1, tensor.Shape[0], tensor.Shape[0], 1)
        : throw context.Fail($"wants '{tensor.Name}' with 2 dimensions, but its shape is [{string.Join(',', tensor.Shape)}]");

    /// <summary>Number of a row in the order of memory.</summary>
    public int Row(int step, int item) => step * StepStride + item * BatchStride;
}
