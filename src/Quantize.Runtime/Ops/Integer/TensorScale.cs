using Quantize.Runtime.Format;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>real = scale * (code - zeroPoint), the same for all elements of a tensor.</summary>
internal readonly record struct TensorScale(float Scale, int ZeroPoint)
{
    /// <summary>Refuses a tensor without a scale, with one for each channel, or with one that is no positive number.</summary>
    public static TensorScale Of(TensorSlot tensor, PrepareContext context)
    {
        if (tensor.Quantization is not { } quantization)
            throw context.Fail($"computes with the codes of '{tensor.Name}' ({tensor.Type}), which has no scale");
        if (quantization.PerChannel)
            throw context.Fail($"wants one scale for '{tensor.Name}', which has {quantization.Scales.Length}");
        float scale = quantization.Scales[0];
        if (!(scale > 0) || !float.IsFinite(scale))
            throw context.Fail($"has the scale {scale} on '{tensor.Name}', which is no positive number");
        long zeroPoint = quantization.ZeroPoints[0];
        CodeRange codes = tensor.Type == TensorType.Int32 ? new(0, 0) : CodeRange.Of(tensor.Type, context);
        if (zeroPoint < codes.Minimum || zeroPoint > codes.Maximum)
            throw context.Fail($"has the zero point {zeroPoint} on '{tensor.Name}', which is no {tensor.Type}");
        return new(scale, (int)zeroPoint);
    }

    /// <summary>The nearest code, halves away from zero.</summary>
    public int Code(float real) => (int)Math.Clamp((double)MathF.Round(real / Scale, MidpointRounding.AwayFromZero) + ZeroPoint, int.MinValue, int.MaxValue);

    public float Real(int code) => Scale * (code - ZeroPoint);
}
