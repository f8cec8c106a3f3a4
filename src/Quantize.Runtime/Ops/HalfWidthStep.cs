using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>float16 and bfloat16 under an operator of floats: widened before it and rounded after it, so that each result is the nearest number of the narrow type.</summary>
internal sealed class HalfWidthStep : Step
{
    private readonly Step _wide;
    private readonly (TensorSlot Narrow, TensorSlot Wide)[] _inputs;
    private readonly (TensorSlot Narrow, TensorSlot Wide)[] _outputs;

    private HalfWidthStep(Step wide, (TensorSlot, TensorSlot)[] inputs, (TensorSlot, TensorSlot)[] outputs) => (_wide, _inputs, _outputs) = (wide, inputs, outputs);

    public override string Kernel => $"{_wide.Kernel}, widened";

    /// <summary>Whether the operator computes floats and is given narrow ones.</summary>
    public static bool Applies(OperatorDefinition definition, PrepareContext context) => definition.WidensHalves && context.InputCount > 0 && IsNarrow(context.OptionalInput(0));

    public static HalfWidthStep Prepare(OperatorDefinition definition, PrepareContext context)
    {
        TensorSlot?[] inputs = [.. context.Inputs.Select(slot => Widened(context, slot))];
        TensorSlot[] outputs = [.. context.Outputs.Select(slot => Widened(context, slot)!)];
        Step wide = context.PrepareLike(definition, inputs, outputs);
        return new HalfWidthStep(wide, Pairs(context.Inputs, inputs), Pairs(context.Outputs, outputs));
    }

    public override void Run(in RunContext context)
    {
        foreach ((TensorSlot narrow, TensorSlot wide) in _inputs)
            Widen(context, narrow, context.Write<float>(wide));
        _wide.Run(context);
        foreach ((TensorSlot narrow, TensorSlot wide) in _outputs)
            Round(context, context.Read<float>(wide), narrow);
    }

    private static bool IsNarrow(TensorSlot? slot) => slot is { Type: TensorType.Float16 or TensorType.BFloat16 };

    private static TensorSlot? Widened(PrepareContext context, TensorSlot? slot) => IsNarrow(slot) ? context.Scratch(slot!.Name, TensorType.Float32, slot.Shape) : slot;

    private static (TensorSlot, TensorSlot)[] Pairs(TensorSlot?[] narrow, TensorSlot?[] wide) =>
        [.. narrow.Zip(wide).Where(pair => IsNarrow(pair.First)).Select(pair => (pair.First!, pair.Second!))];

    private static void Widen(in RunContext context, TensorSlot narrow, Span<float> wide)
    {
        if (narrow.Type == TensorType.Float16)
        {
            ReadOnlySpan<Half> halves = context.Read<Half>(narrow);
            for (int i = 0; i < wide.Length; i++)
                wide[i] = (float)halves[i];
            return;
        }

        ReadOnlySpan<ushort> brains = context.Read<ushort>(narrow);
        for (int i = 0; i < wide.Length; i++)
            wide[i] = FloatConversion.FromBrain(brains[i]);
    }

    private static void Round(in RunContext context, ReadOnlySpan<float> wide, TensorSlot narrow)
    {
        if (narrow.Type == TensorType.Float16)
        {
            Span<Half> halves = context.Write<Half>(narrow);
            for (int i = 0; i < wide.Length; i++)
                halves[i] = (Half)wide[i];
            return;
        }

        Span<ushort> brains = context.Write<ushort>(narrow);
        for (int i = 0; i < wide.Length; i++)
            brains[i] = FloatConversion.ToBrain(wide[i]);
    }
}
