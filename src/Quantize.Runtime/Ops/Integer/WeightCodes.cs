using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>Constant weights as signed bytes, whatever they are stored as; their zero point moves along.</summary>
internal static class WeightCodes
{
    public static bool AreSupported(TensorSlot weights) => weights.Type is TensorType.Int8 or TensorType.UInt8 or TensorType.Int4 or TensorType.Int2;

    /// <summary>int8 as it is, uint8 minus 128, int4 and int2 with their sign.</summary>
    public static sbyte[] Signed(PrepareContext context, TensorSlot weights) => weights.Type switch
    {
        TensorType.Int8 => context.Constant<sbyte>(weights).ToArray(),
        TensorType.UInt8 => Shifted(context.Constant<byte>(weights)),
        TensorType.Int4 or TensorType.Int2 => PackedCodes.Unpack(context.Constant<byte>(weights), weights.ElementCount, weights.Type.Bits()),
        _ => throw context.Fail($"has weights '{weights.Name}' of type {weights.Type}, for which there is no kernel"),
    };

    /// <summary>Beside float activations: there old files call signed bytes uint8.</summary>
    public static sbyte[] Hybrid(PrepareContext context, TensorSlot weights) => weights.Type == TensorType.UInt8 ? context.Constant<sbyte>(weights).ToArray() : Signed(context, weights);

    /// <summary>The zero point that all weights share, in the signed codes.</summary>
    public static int ZeroPoint(PrepareContext context, TensorSlot weights)
    {
        QuantizationParameters quantization = Quantization(context, weights);
        long zeroPoint = quantization.ZeroPoints[0];
        if (Array.Exists(quantization.ZeroPoints, other => other != zeroPoint))
            throw context.Fail($"has weights '{weights.Name}' with different zero points, for which there is no kernel");
        long signed = zeroPoint - (weights.Type == TensorType.UInt8 ? 128 : 0);
        return signed is >= sbyte.MinValue and <= sbyte.MaxValue ? (int)signed : throw context.Fail($"has the zero point {zeroPoint} on '{weights.Name}', which is no {weights.Type}");
    }

    /// <summary>Scales of all outputs, or one; refused where they belong to another dimension, or are no positive numbers.</summary>
    public static float[] Scales(PrepareContext context, TensorSlot weights, int axis)
    {
        QuantizationParameters quantization = Quantization(context, weights);
        if (quantization.PerChannel && quantization.Axis != axis)
            throw context.Fail($"has scales of '{weights.Name}' along axis {quantization.Axis}, not {axis}");
        foreach (float scale in quantization.Scales)
        {
            if (!(scale >= 0) || !float.IsFinite(scale))
                throw context.Fail($"has the scale {scale} on '{weights.Name}', which is no positive number");
        }

        return quantization.Scales;
    }

    private static QuantizationParameters Quantization(PrepareContext context, TensorSlot weights) =>
        weights.Quantization ?? throw context.Fail($"has {weights.Type} weights '{weights.Name}' without a scale");

    private static sbyte[] Shifted(ReadOnlySpan<byte> codes)
    {
        var signed = new sbyte[codes.Length];
        for (int i = 0; i < signed.Length; i++)
            signed[i] = (sbyte)(codes[i] - 128);
        return signed;
    }
}
