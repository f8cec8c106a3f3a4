using System.Runtime.InteropServices;
using Quantize.Tests;

namespace Quantize.Runtime.Tests;

/// <summary>How far the hybrid forms are from the exact result of the rounded weights, beside how far Google's kernels are.</summary>
public sealed class MnistAccuracyTests
{
    [Theory]
    [InlineData(Arithmetic.Precise, 1.1)]
    [InlineData(Arithmetic.Fast, 3.0)]
    public void Logits_are_as_near_to_the_rounded_weights_as_Googles(Arithmetic arithmetic, double bound)
    {
        Safetensors golden = Safetensors.Read(Repository.Shared("data", "mnist_model", "golden.safetensors"));
        double ours = Distance(Logits(golden, arithmetic, "google_dynamic.tflite"), golden.Get<float>("weight_only_perchannel_logits"));
        double googles = Distance(golden.Get<float>("google_dynamic_logits"), golden.Get<float>("weight_only_perchannel_logits"));
        double builtin = Distance(golden.Get<float>("google_dynamic_builtin_logits"), golden.Get<float>("weight_only_perchannel_logits"));
        TestContext.Current.TestOutputHelper!.WriteLine($"{arithmetic}: rms {ours:E3}, Google's {googles:E3} (XNNPACK) {builtin:E3} (built-in): {ours / googles:F3}x");
        Assert.True(ours <= bound * googles, $"the logits are {ours / googles:F3} times as far from the exact result as Google's; {bound} is the bound");
    }

    [Fact]
    public void Float_probabilities_are_TensorFlows_within_1e5()
    {
        Safetensors golden = Safetensors.Read(Repository.Shared("data", "mnist_model", "golden.safetensors"));
        using CompiledModel model = CompiledModel.Load(Repository.Shared("data", "mnist_model", "google_float.tflite"));
        using Session session = model.CreateSession();
        ReadOnlySpan<float> expected = golden.Get<float>("tf_probabilities");
        int probabilities = session.Signature.Outputs[0].Type == TensorType.Float32 ? 0 : 1;
        session.Resize(0, 100, 28, 28);
        Images(golden, session.Input<float>(0));
        session.Run();
        ReadOnlySpan<float> actual = session.Output<float>(probabilities);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-5f);
    }

    private static float[] Logits(Safetensors golden, Arithmetic arithmetic, string file)
    {
        using CompiledModel model = CompiledModel.Load(Repository.Shared("data", "mnist_model", file), new CompileOptions { Arithmetic = arithmetic, KeepAllTensors = true });
        using Session session = model.CreateSession();
        string logits = session.Plan.Last(step => step.Operator == "FullyConnected").Name;
        session.Resize(0, 100, 28, 28);
        Images(golden, session.Input<float>(0));
        session.Run();
        return MemoryMarshal.Cast<byte, float>(session.ReadTensor(logits, out _)).ToArray();
    }

    private static void Images(Safetensors golden, Span<float> images)
    {
        ReadOnlySpan<byte> bytes = golden.Bytes("image_u8");
        for (int i = 0; i < images.Length; i++)
            images[i] = bytes[i] / 255f;
    }

    private static double Distance(ReadOnlySpan<float> actual, ReadOnlySpan<float> exact)
    {
        double sum = 0;
        for (int i = 0; i < exact.Length; i++)
            sum += Math.Pow((double)actual[i] - exact[i], 2);
        return Math.Sqrt(sum / exact.Length);
    }
}
