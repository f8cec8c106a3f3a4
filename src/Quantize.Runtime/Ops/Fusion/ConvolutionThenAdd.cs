using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Fusion;

/// <summary>A convolution adds another tensor to its result before it is clamped: the end of a residual block.</summary>
internal static class ConvolutionThenAdd
{
    public static PlannedStep? Fuse(PlannedStep convolution, PlannedStep add)
    {
        if (convolution is not { Definition.Code: BuiltinOperator.Conv2D, Step: IAddsRows, Context.Options: Conv2DOptions { Activation: ActivationFunction.None }, Context.Fused.Addend: null })
            return null;
        if (add is not { Definition.Code: BuiltinOperator.Add, Context.Options: AddOptions { Activation: var activation } })
            return null;
        TensorSlot sum = add.Outputs[0], addend = add.Inputs[1 - Array.IndexOf(add.Inputs, convolution.Outputs[0])]!;
        bool hasGroups = convolution.Inputs[1]!.Shape[3] != convolution.Inputs[0]!.Shape[3];
        if (hasGroups || !addend.Shape.AsSpan().SequenceEqual(convolution.Outputs[0].Shape))
            return null;
        FusedWork work = convolution.Context!.Fused with { Addend = addend, Activation = activation };
        PlannedStep joint = convolution.With(work, $"{convolution.Name}+{add.Name}", convolution.Context.Inputs, [sum]);
        return joint with { Inputs = [.. joint.Inputs, addend] };
    }
}
