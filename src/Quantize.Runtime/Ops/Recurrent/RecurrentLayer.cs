using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>A cell that walks along a sequence, forwards or backwards. Its state is a variable tensor [batch, outputs].</summary>
internal abstract class RecurrentLayer(SequenceInput input, SequenceOutput output, TensorSlot state, bool backwards)
{
    public string Arithmetic => input.Arithmetic;

    public void Run(in RunContext context)
    {
        int stepLength = input.Batch * input.RowLength;
        for (int done = 0; done < input.Steps; done += input.ChunkSteps)
        {
            int count = Math.Min(input.ChunkSteps, input.Steps - done), first = backwards ? input.Steps - done - count : done;
            Span<float> sums = input.Sums(context, first, count);
            for (int i = 0; i < count; i++)
            {
                int step = backwards ? count - 1 - i : i;
                Span<float> values = context.Write<float>(state);
                Advance(context, sums.Slice(step * stepLength, stepLength), values);
                output.Store<float>(context, first + step, values);
            }
        }
    }

    /// <summary>One step: <paramref name="sums"/> is what its input adds to the gates [batch, sums of a row] and may be changed, <paramref name="state"/> the last output and then this one.</summary>
    protected abstract void Advance(in RunContext context, Span<float> sums, Span<float> state);
}
