using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using Quantize.Runtime;
using Quantize.Runtime.Threads;
using Quantize.Tests;

namespace Quantize.Converter.Tests.Corpus;

/// <summary>
/// Four networks at real size (weights are synthetic). Float: TensorFlow's log-probabilities to 1e-4 rms. Quantized, against the exact result of the rounded weights:
/// at least as well correlated as Google's less 1e-3 (the rounding of weights is the file's doing, the rest is the kernels').
/// </summary>
public sealed class LargeModelTests
{
    [Theory]
    [InlineData("mobilenet_v1_1.0_224")]
    [InlineData("mobilenet_v2_1.0_224")]
    [InlineData("inception_v3_299")]
    [InlineData("resnet_v2_101_299")]
    public void Networks_at_real_size_convert_shrink_and_agree(string name)
    {
        string graph = Unzip(name);
        try
        {
            Check(name, graph);
        }
        finally
        {
            File.Delete(graph);
        }
    }

    private static void Check(string name, string graph)
    {
        using JsonDocument facts = JsonDocument.Parse(File.ReadAllText(Repository.Shared("data", "large_models", $"{name}.json")));
        Safetensors golden = Safetensors.Read(Repository.Shared("data", "large_models", $"{name}.golden.safetensors"));
        var request = new ConversionRequest
        {
            ModelPath = graph,
            InputArrays = [facts.RootElement.GetProperty("input").GetString()!],
            OutputArrays = [facts.RootElement.GetProperty("output").GetString()!],
        };
        ConversionResult real = ModelConverter.Convert(request with { Quantization = QuantizationScheme.None });
        var clock = Stopwatch.StartNew();
        ConversionResult perChannel = ModelConverter.Convert(request);
        double seconds = clock.Elapsed.TotalSeconds;
        ConversionResult perTensor = ModelConverter.Convert(request with { Quantization = QuantizationScheme.DynamicRangePerTensor });

        double distance = LogDistance(Run(real, golden), golden.Get<float>("tf_probabilities"));
        ReadOnlySpan<float> weightOnly = golden.Get<float>("weight_only_perchannel_probabilities");
        double ours = LogCorrelation(Run(perChannel, golden), weightOnly);
        double googles = LogCorrelation(golden.Get<float>("google_dynamic_probabilities"), weightOnly);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{name}: float {real.Model.Length:N0} bytes (Google's {Fact(facts, "google_float_bytes"):N0}), dynamic {perChannel.Model.Length:N0} ({Fact(facts, "google_dynamic_bytes"):N0}) = {real.Model.Length / (double)perChannel.Model.Length:F3}x, "
            + $"per tensor {perTensor.Model.Length:N0} = {real.Model.Length / (double)perTensor.Model.Length:F3}x; quantized in {seconds:F1} s; float log rms {distance:E1}; correlation with the rounded weights {ours:F5} (Google's {googles:F5})");
        Assert.True(distance < 1e-4, $"the log-probabilities differ by {distance:E2} rms from TensorFlow's");
        Assert.True(ours > googles - 1e-3, $"the quantized answers correlate {ours:F5} with the rounded weights', Google's {googles:F5}");
        Assert.True(real.Model.Length <= Fact(facts, "google_float_bytes") * 1.001, $"the float file has {real.Model.Length} bytes");
        Assert.True(perChannel.Model.Length <= Fact(facts, "google_dynamic_bytes") * 1.001, $"the quantized file has {perChannel.Model.Length} bytes");
    }

    private static long Fact(JsonDocument facts, string name) => facts.RootElement.GetProperty(name).GetInt64();

    /// <summary>The outputs, which several threads must not change.</summary>
    private static float[] Run(ConversionResult result, Safetensors golden)
    {
        float[] outputs = Run(result, golden, 1);
        Assert.Equal(outputs, Run(result, golden, 3));
        return outputs;
    }

    private static float[] Run(ConversionResult result, Safetensors golden, int threads)
    {
        using CompiledModel model = CompiledModel.Load(result.Model, new CompileOptions { Threads = threads, Workers = new Workers(threads) });
        using Session session = model.CreateSession();
        ReadOnlySpan<byte> picture = golden.Bytes("input_u8");
        Span<float> input = session.Input<float>(0);
        for (int i = 0; i < input.Length; i++)
            input[i] = picture[i] / 127.5f - 1f;
        session.Run();
        return session.Output<float>(0).ToArray();
    }

    private static double LogDistance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < b.Length; i++)
            sum += Math.Pow(Math.Log(a[i]) - Math.Log(b[i]), 2);
        return Math.Sqrt(sum / b.Length);
    }

    private static double LogCorrelation(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double meanA = 0, meanB = 0, ab = 0, aa = 0, bb = 0;
        for (int i = 0; i < b.Length; i++)
        {
            meanA += Math.Log(a[i]) / b.Length;
            meanB += Math.Log(b[i]) / b.Length;
        }

        for (int i = 0; i < b.Length; i++)
        {
            double x = Math.Log(a[i]) - meanA, y = Math.Log(b[i]) - meanB;
            (ab, aa, bb) = (ab + x * y, aa + x * x, bb + y * y);
        }

        return ab / Math.Sqrt(aa * bb);
    }

    private static string Unzip(string name)
    {
        string path = Path.Combine(Path.GetTempPath(), $"{name}.{Guid.NewGuid():N}.pb");
        using var gzip = new GZipStream(File.OpenRead(Repository.Shared("data", "large_models", $"{name}.pb.gz")), CompressionMode.Decompress);
        using FileStream file = File.Create(path);
        gzip.CopyTo(file);
        return path;
    }
}
