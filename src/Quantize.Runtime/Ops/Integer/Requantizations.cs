using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>How the sums of a product become its output's codes.</summary>
internal static class Requantizations
{
    /// <summary>
    /// input scale * weight scale / output scale, one for each slice of the weights along the axis or one for all; the activation's interval. Google's kernels multiply the two
    /// scales as floats where <paramref name="floatProduct"/> holds.
    /// </summary>
    public static Requantization Of(
        PrepareContext context, TensorSlot input, TensorSlot weights, int axis, TensorSlot output, ActivationFunction activation,
        bool floatProduct = false, FixedPointRounding rounding = FixedPointRounding.TwiceUp)
    {
        float inputScale = TensorScale.Of(input, context).Scale;
        TensorScale to = TensorScale.Of(output, context);
        CodeRange range = CodeRange.Of(activation, output, context);
        double Real(float scale) => (floatProduct ? inputScale * scale : (double)inputScale * scale) / to.Scale;
        FixedPointMultiplier[] multipliers = [.. WeightCodes.Scales(context, weights, axis).Select(scale => FixedPointMultiplier.Of(Real(scale)))];
        return new Requantization(context.Kernels.Requantizer, multipliers, multipliers.Length == 1 ? output.Shape[^1] : multipliers.Length, rounding, to.ZeroPoint, range.Minimum, range.Maximum);
    }
}
