using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Keras.Layers;

/// <summary>The steps of a recurrent layer one behind the other, for sequences of a known length.</summary>
internal sealed class UnrolledSteps(LayerContext context, RecurrentCell cell)
{
    public Sequence Run(Value projected, Value[] states, Value? mask)
    {
        int count = context.Length(projected, 1);
        Value[] steps = InOrder(Unpacked(projected, count));
        Value[]? masks = mask is null ? null : InOrder(Unpacked(mask, count));
        Value? last = null;
        var outputs = new Value[count];
        for (int i = 0; i < count; i++)
        {
            (Value Output, Value[] States) next = cell.Step(steps[i], states);
            if (masks is not null)
                next = SequenceSteps.Masked(context, masks[i], next, last, states);
            (outputs[i], states) = next;
            last = outputs[i];
        }

        Value all = context.Emit(BuiltinOperator.Pack, new PackOptions { ValuesCount = count, Axis = 1 }, outputs);
        return new Sequence(all, last!, states);
    }

    private Value[] InOrder(Value[] steps) => context.Config.Flag("go_backwards") ? [.. steps.Reverse()] : steps;

    private Value[] Unpacked(Value sequence, int count) => context.CallMany("Unpack", [sequence], ("axis", 1L), ("num", (long)count));
}
