using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Keras.Layers;

/// <summary>The steps of a recurrent layer one behind the other, for sequences of a known length.</summary>
internal sealed class UnrolledSteps(LayerContext context, RecurrentCell cell)
{
    /// <summary>Every step is operators of its own.</summary>
    private const int MostSteps = 512;

    public Sequence Run(Value projected, Value[] states, Value? mask)
    {
        int count = context.Length(projected, 1);
        if (count is 0 or > MostSteps)
            throw context.Refuse($"its sequences have {count} steps, not 1 to {MostSteps}");
        Value[] steps = InOrder(Unpacked(projected, count));
        Value[]? masks = mask is null ? null : InOrder([.. Unpacked(mask, count).Select(step => MaskOf(step, projected.Shape.Rank - 1))]);
        bool zeroes = context.Config.Flag("zero_output_for_mask");

        Value? last = null;
        var outputs = new Value[count];
        for (int i = 0; i < count; i++)
        {
            (Value output, Value[] next) = cell.Step(steps[i], states);
            if (masks is not null)
            {
                Value otherwise = zeroes || last is null ? context.Call("ZerosLike", [output]) : last;
                output = context.F.Select(masks[i], output, otherwise);
                next = [.. next.Select((state, s) => context.F.Select(masks[i], state, states[s]))];
            }

            outputs[i] = last = output;
            states = next;
        }

        Value all = context.Emit(BuiltinOperator.Pack, new PackOptions { ValuesCount = count, Axis = 1 }, outputs);
        return new Sequence(all, last!, states);
    }

    private Value[] InOrder(Value[] steps) => context.Config.Flag("go_backwards") ? [.. steps.Reverse()] : steps;

    private Value[] Unpacked(Value sequence, int count) => context.CallMany("Unpack", [sequence], ("axis", 1L), ("num", (long)count));

    /// <summary>[batch] with ones behind, to meet the states.</summary>
    private Value MaskOf(Value step, int rank)
    {
        for (int axis = 1; axis < rank; axis++)
            step = context.Call("ExpandDims", [step, ConstantData.Scalar($"{context.Name}/axis", 1)]);
        return step;
    }
}
