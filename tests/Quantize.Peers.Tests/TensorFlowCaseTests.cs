using System.Runtime.InteropServices;
using Quantize.Converter;
using Quantize.Tests;

namespace Quantize.Peers.Tests;

/// <summary>
/// Cases whose form in our files is not the one that Google's converter writes give TensorFlow's results in Google's interpreter too. Batches are fixed: LiteRT under node
/// refuses an open one, in Google's own files as well.
/// </summary>
public sealed class TensorFlowCaseTests(LiteRt liteRt) : IClassFixture<LiteRt>
{
    private const float Tolerance = 2e-5f;

    [Theory]
    [InlineData("fake_quant/args", "x", "y")]
    [InlineData("fake_quant/vars", "x", "y")]
    [InlineData("fake_quant/vars_narrow", "x", "y")]
    [InlineData("fake_quant/vars_4bit", "x", "y")]
    [InlineData("fake_quant/per_channel", "x", "y")]
    [InlineData("fake_quant/positive_range", "x", "y")]
    [InlineData("fake_quant/qat_conv", "x", "y", 0.05f)]
    [InlineData("fake_quant/qat_conv", "x", "y", 0.05f, null, QuantizationScheme.DynamicRange)]
    [InlineData("fake_quant/qat_conv_per_channel", "x", "y", 0.05f, null, QuantizationScheme.DynamicRange)]
    [InlineData("fake_quant/qat_dense", "x", "y", 0.04f, null, QuantizationScheme.DynamicRange)]
    [InlineData("net/multi_signature", "x", "code", Tolerance, "encode")]
    [InlineData("net/multi_signature", "code", "x", Tolerance, "decode")]
    public async Task Google_computes_what_TensorFlow_computed(
        string name, string input, string output, float tolerance = Tolerance, string? signature = null, QuantizationScheme scheme = QuantizationScheme.None)
    {
        string folder = Repository.Shared(["data", "tf_ops", .. name.Split('/')]);
        Safetensors tensors = Safetensors.Read(Path.Combine(folder, signature is null ? "io.safetensors" : $"io.{signature}.safetensors"));
        string path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, Convert(folder, signature, scheme, tensors.Shape($"in.{input}")[0]));
            IReadOnlyList<byte[]> outputs = await liteRt.Run(path, tensors.Bytes($"in.{input}").ToArray());
            float[] expected = tensors.Get<float>($"out.{output}").ToArray(), actual = MemoryMarshal.Cast<byte, float>(Assert.Single(outputs)).ToArray();
            Assert.Equal(expected, actual, (a, b) => Math.Abs(a - b) <= tolerance * Math.Max(1, Math.Abs(a)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[] Convert(string folder, string? signature, QuantizationScheme scheme, int batch) => ModelConverter.Convert(new ConversionRequest
    {
        ModelPath = Path.Combine(folder, signature is null ? "graph.pb" : "saved_model"),
        Quantization = scheme,
        SignatureKey = signature,
        Batch = batch,
    }).Model.ToArray();
}
