using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>How the sums of a product become its output's codes.</summary>
internal static class Requantizations
{
    /// <summary>input scale * weight scale / output scale, one for each slice of the weights along the axis or one for all; the activation's interval.</summary>
    public static Requantization Of(PrepareContext context, TensorSlot input, TensorSlot weights, int axis, TensorSlot output, ActivationFunction activation, FixedPointRounding rounding = FixedPointRounding.TwiceUp)
    {
        double inputScale = TensorScale.Of(input, context).Scale;
        TensorScale to = TensorScale.Of(output, context);
        CodeRange range = CodeRange.Of(activation, output, context);
        FixedPointMultiplier[] multipliers = [.. WeightCodes.Scales(context, weights, axis).Select(scale => FixedPointMultiplier.Of(inputScale * scale / to.Scale))];
        return new Requantization(multipliers, rounding, to.ZeroPoint, range.Minimum, range.Maximum);
    }
}
