using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>A cell that walks along a sequence, forwards or backwards. Its state is a variable tensor [batch, outputs], and another one where it has a memory beside that.</summary>
internal abstract class RecurrentLayer(SequenceInput input, SequenceOutput output, TensorSlot state, TensorSlot? memory, bool backwards)
{
    public string Arithmetic => input.Arithmetic;

    public void Run(in RunContext context)
    {
        int stepLength = input.Batch * input.RowLength;
        Span<float> values = context.Write<float>(state), cells = memory is null ? [] : context.Write<float>(memory);
        for (int done = 0; done < input.Steps; done += input.ChunkSteps)
        {
            int count = Math.Min(input.ChunkSteps, input.Steps - done), first = backwards ? input.Steps - done - count : done;
            Span<float> sums = input.Sums(context, first, count);
            for (int i = 0; i < count; i++)
            {
                int step = backwards ? count - 1 - i : i;
                Advance(context, sums.Slice(step * stepLength, stepLength), values, cells);
                output.Store<float>(context, first + step, values);
            }
        }
    }

    /// <summary>
    /// One step: <paramref name="sums"/> is what its input adds to the gates [batch, sums of a row] and may be changed, <paramref name="state"/> the last output and then this one,
    /// <paramref name="cells"/> what it remembers beside that.
    /// </summary>
    protected abstract void Advance(in RunContext context, Span<float> sums, Span<float> state, Span<float> cells);
}
