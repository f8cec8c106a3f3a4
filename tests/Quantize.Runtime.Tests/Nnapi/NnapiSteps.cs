namespace Quantize.Runtime.Tests.Nnapi;

/// <summary>
/// Cases whose codes are one step from the expected ones, which Android allows, and why: all lie in the middle between two codes, where kernels round to different sides.
/// Elsewhere codes are held to equality.
/// </summary>
internal static class NnapiSteps
{
    private const string Convolution = "Google's optimized convolutions, whose results these are, round the middle up; the reference kernels away from 0";
    private const string Rescaled = "operands are brought to the result's scale, as QUANTIZE does it, which rounds the middle away from 0; Android's kernel rounds it down";

    public static IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>
    {
        ["V1_2/conv2d_per_channel_layouts_nhwc"] = Convolution,
        ["V1_2/conv2d_per_channel_layouts_nhwc_weight_as_input"] = Convolution,
        ["V1_2/conv2d_per_channel_layouts_nchw"] = Convolution,
        ["V1_2/conv2d_per_channel_layouts_nchw_weight_as_input"] = Convolution,
        ["V1_2/maximum_simple_quant8"] = Rescaled,
        ["V1_2/maximum_broadcast_quant8"] = Rescaled,
    };
}
