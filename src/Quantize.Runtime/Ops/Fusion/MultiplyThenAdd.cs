using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Fusion;

/// <summary>x * factor + offset with constants for each channel, or for all: what is left of a batch norm that no convolution could take. One pass over the tensor.</summary>
internal static class MultiplyThenAdd
{
    public static PlannedStep? Fuse(PlannedStep multiply, PlannedStep add)
    {
        if (multiply.Definition?.Code != BuiltinOperator.Mul || add.Definition?.Code is not (BuiltinOperator.Add or BuiltinOperator.Sub) || multiply.Context!.Options is MulOptions { Activation: not ActivationFunction.None })
            return null;
        int product = Array.IndexOf(add.Inputs, multiply.Outputs[0]), factorInput = multiply.Inputs[0]!.IsKnown ? 0 : 1;
        TensorSlot x = multiply.Inputs[1 - factorInput]!, factor = multiply.Inputs[factorInput]!, offset = add.Inputs[1 - product]!, output = add.Outputs[0];
        bool subtracts = add.Definition.Code == BuiltinOperator.Sub;
        if (x.Type != TensorType.Float32 || (subtracts && product == 1) || !output.Shape.AsSpan().SequenceEqual(x.Shape) || !IsOfChannels(factor, x.Shape) || !IsOfChannels(offset, x.Shape))
            return null;
        PrepareContext context = add.Context!;
        ActivationFunction activation = context.Options switch
        {
            AddOptions options => options.Activation,
            SubOptions options => options.Activation,
            _ => ActivationFunction.None,
        };
        var step = new AffineStep(context, x, factor, offset, subtracts, ActivationRange.Of(activation, context), output);
        return new PlannedStep(step, $"{multiply.Name}+{add.Name}", [x], [output], []);
    }

    private static bool IsOfChannels(TensorSlot constant, int[] shape) =>
        constant is { IsKnown: true, Type: TensorType.Float32 } && (constant.ElementCount == 1 || (shape.Length > 0 && constant.Shape.Length > 0 && constant.Shape[^1] == shape[^1] && constant.ElementCount == shape[^1]));
}
