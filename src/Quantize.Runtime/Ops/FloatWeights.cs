using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops.Integer;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>
/// Weights of an operator that runs in float whatever they are stored as: 8-bit weights are expanded once. The rule for where hybrid arithmetic does not pay.
/// </summary>
internal static class FloatWeights
{
    /// <summary>
    /// A row's scale and codes take as long as some thousand multiply-adds: a product with fewer weights than this is faster in float, and more exact.
    /// </summary>
    private const int FewestOfHybridRow = 8192;

    public static bool AreSupported(TensorSlot weights) => weights.Type == TensorType.Float32 || WeightCodes.AreSupported(weights);

    /// <summary>Whether rows that each have a scale of their own are multiplied with so few weights that it is done in float; a file of Google's converter is followed as it is.</summary>
    public static bool ArePreferred(PrepareContext context, long outputs, long depth) => !context.FollowsGoogle && outputs * depth < FewestOfHybridRow;

    public static Lazy<float[]> Expand(PrepareContext context, TensorSlot weights) => context.Packed(weights, "float", () => Values(context, weights).ToArray());

    /// <summary>The weights as floats: those of the file where they are floats already.</summary>
    public static ReadOnlySpan<float> Values(PrepareContext context, TensorSlot weights) =>
        weights.Type == TensorType.Float32 ? context.Constant<float>(weights)[..weights.ElementCount] : Expanded(context, weights);

    /// <summary>Refuses a bias that is not one float for each channel.</summary>
    public static void CheckBias(PrepareContext context, int input, int channels)
    {
        if (context.OptionalInput(input) is { } bias && (bias.Type != TensorType.Float32 || bias.ElementCount != channels))
            throw context.Fail($"has a bias of {bias.ElementCount} {bias.Type}s for {channels} outputs");
    }

    /// <summary>The bias, or zeros where there is none.</summary>
    public static float[] Bias(PrepareContext context, int input, int channels)
    {
        CheckBias(context, input, channels);
        TensorSlot? bias = context.OptionalInput(input);
        return bias is null ? new float[channels] : context.Constant<float>(bias).ToArray();
    }

    /// <summary>Packed weights hold the bias too: weights that two operators share are packed once for each bias.</summary>
    public static string BiasKey(PrepareContext context, int input) => context.OptionalInput(input) is { } bias ? $"bias {bias.Index}" : "no bias";

    private static float[] Expanded(PrepareContext context, TensorSlot weights)
    {
        QuantizationParameters quantization = weights.Quantization ?? throw context.Fail($"has {weights.Type} weights '{weights.Name}' without a scale");
        ReadOnlySpan<sbyte> codes = WeightCodes.Hybrid(context, weights);
        AxisGeometry axis = quantization.PerChannel ? AxisGeometry.Of(weights.Shape, quantization.Axis) : new AxisGeometry(1, 1, weights.ElementCount);
        var expanded = new float[weights.ElementCount];
        for (int i = 0; i < expanded.Length; i++)
        {
            int channel = i / axis.Inner % axis.Length;
            expanded[i] = quantization.Scales[channel] * (codes[i] - quantization.ZeroPoints[channel]);
        }

        return expanded;
    }
}
