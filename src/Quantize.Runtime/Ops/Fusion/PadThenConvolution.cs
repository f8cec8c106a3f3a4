using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Fusion;

/// <summary>Zeros around a float image become the padding of the convolution that reads it.</summary>
internal static class PadThenConvolution
{
    public static PlannedStep? Fuse(PlannedStep pad, PlannedStep convolution)
    {
        if (pad.Definition?.Code is not (BuiltinOperator.Pad or BuiltinOperator.Padv2) || convolution.Definition?.Code is not (BuiltinOperator.Conv2D or BuiltinOperator.DepthwiseConv2D))
            return null;
        PrepareContext context = pad.Context!;
        TensorSlot input = context.Input(0);
        if (convolution.Inputs[0] != pad.Outputs[0] || convolution.Context!.Fused != FusedWork.None || !PadOperator.IsZero(context))
            return null;
        long[] widths = context.Integers(context.Input(1));
        if (widths is not [0, 0, var top, var bottom, var left, var right, 0, 0])
            return null;
        var work = new FusedWork { Border = new ZeroBorder((int)top, (int)bottom, (int)left, (int)right) };
        return convolution.With(work, $"{pad.Name}+{convolution.Name}", [input, .. convolution.Inputs[1..]], convolution.Outputs);
    }
}
