using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>The operands of recurrent cells beside their inputs: checked when a cell is prepared.</summary>
internal static class RecurrentTensors
{
    /// <summary>A variable tensor of so many elements: what a cell keeps from one run to the next.</summary>
    public static TensorSlot State(PrepareContext context, int input, TensorType type, int length)
    {
        TensorSlot state = context.Input(input);
        if (state.Variable < 0)
            throw context.Fail($"wants a variable tensor as input {input}, but '{state.Name}' is none");
        if (state.Type != type || state.ElementCount != length)
            throw context.Fail($"wants {length} elements of type {type} in its state '{state.Name}', which has {state.ElementCount} of type {state.Type}");
        return state;
    }

    /// <summary>Refuses a sequence of other steps and items than the layout has.</summary>
    public static void CheckSequence(PrepareContext context, SequenceLayout layout, TensorSlot sequence)
    {
        int depth = sequence.Shape.Length == 0 ? 0 : sequence.Shape[^1];
        if (sequence.Type != TensorType.Float32 || (long)layout.Steps * layout.Batch * depth != sequence.ElementCount)
            throw context.Fail($"wants {layout.Steps} steps of {layout.Batch} rows of floats in '{sequence.Name}', which is {sequence}");
    }

    /// <summary>One float for each unit.</summary>
    public static void CheckVector(PrepareContext context, TensorSlot vector, int units)
    {
        if (vector.Type != TensorType.Float32 || vector.ElementCount != units)
            throw context.Fail($"wants {units} floats in '{vector.Name}', which has {vector.ElementCount} elements of type {vector.Type}");
        context.Constant<float>(vector);
    }

    /// <summary>The elements of an optional vector, as floats whatever they are stored as.</summary>
    public static float[]? Vector(PrepareContext context, int input, int units)
    {
        if (input < 0 || context.OptionalInput(input) is not { } vector)
            return null;
        if (vector.Type is TensorType.Int8 or TensorType.UInt8 && vector.ElementCount == units)
        {
            float[] scales = Scales(context, vector);
            return [.. context.Constant<sbyte>(vector).ToArray().Select((code, i) => code * scales[scales.Length == 1 ? 0 : i])];
        }

        CheckVector(context, vector, units);
        return context.Constant<float>(vector).ToArray();
    }

    /// <summary>Scales of 8-bit weights: one, or one for each row.</summary>
    public static float[] Scales(PrepareContext context, TensorSlot weights)
    {
        QuantizationParameters quantization = weights.Quantization ?? throw context.Fail($"has {weights.Type} weights '{weights.Name}' without a scale");
        if (quantization.PerChannel && (quantization.Axis != 0 || quantization.Scales.Length != weights.Shape[0]))
            throw context.Fail($"has {quantization.Scales.Length} scales of '{weights.Name}' along axis {quantization.Axis}, not one for each row");
        return Array.TrueForAll(quantization.Scales, scale => scale >= 0 && float.IsFinite(scale))
            ? quantization.Scales
            : throw context.Fail($"has a scale on '{weights.Name}' which is no positive number");
    }

    public static CellActivation Activation(PrepareContext context, ActivationFunction activation)
    {
        if (activation == ActivationFunction.Tanh)
            return CellActivation.Tanh;
        ActivationRange range = ActivationRange.Of(activation, context);
        return new CellActivation(false, range.Minimum, range.Maximum);
    }
}
