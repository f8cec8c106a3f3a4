using System.Text.Json;
using Quantize.Runtime.Threads;
using Quantize.Tests;

namespace Quantize.Runtime.Tests.Typed;

/// <summary>
/// Whole networks of integers, with the outputs that Google's built-in kernels gave: equal to the byte. Where a network is not, the number of steps that it may differ by
/// stands here with the reason.
/// </summary>
public sealed class IntegerNetworkTests
{
    [Theory]
    [InlineData("coral_mobilenet_v1_0.25_128_quant")]
    [InlineData("coral_mobilenet_v2_1.0_224_quant")]
    [InlineData("coral_tf2_mobilenet_v2_1.0_224_ptq")]
    [InlineData("mlperf_kws_int8_tflite")]
    [InlineData("mlperf_resnet8_int8_tflite")]
    [InlineData("mlperf_resnet8_large_int8_tflite")]
    [InlineData("mlperf_sww_int8_tflite")]
    [InlineData("mlperf_vww96_int8_tflite")]
    public void A_networks_codes_are_those_of_Googles_kernels(string name)
    {
        Check(name, threads: 1);
        Check(name, threads: 3);
    }

    private static void Check(string name, int threads)
    {
        using JsonDocument index = JsonDocument.Parse(File.ReadAllText(Repository.Shared("data", "models_golden", "index.json")));
        JsonElement entry = index.RootElement.GetProperty("models").GetProperty(name);
        Safetensors tensors = Safetensors.Read(Repository.Shared("data", "models_golden", name, "io.safetensors"));
        using CompiledModel model = CompiledModel.Load(Repository.Shared(["data", "models", .. entry.GetProperty("source").GetString()!.Split('/')]), new CompileOptions { Threads = threads, Workers = new Workers(threads) });
        using Session session = model.CreateSession();
        for (int i = 0; i < entry.GetProperty("cases").GetInt32(); i++)
        {
            string suffix = i == 0 ? "" : $"@{i}";
            string input = $"in.{Recorded(entry, "inputs")}{suffix}", output = $"out.{Recorded(entry, "outputs")}{suffix}";
            session.Resize(0, tensors.Shape(input));
            tensors.Bytes(input).CopyTo(session.InputBytes(0));
            session.Run();
            byte[] wanted = tensors.Bytes(output).ToArray(), ours = session.OutputBytes(0).ToArray();
            string different = string.Join(", ", Enumerable.Range(0, wanted.Length).Where(at => ours[at] != wanted[at]).Select(at => $"[{at}] is {ours[at]}, not {wanted[at]}"));
            Assert.True(different.Length == 0, $"case {i}, {threads} threads: {different}");
        }
    }

    private static string Recorded(JsonElement entry, string list) => entry.GetProperty(list)[0].GetProperty("name").GetString()!;
}
