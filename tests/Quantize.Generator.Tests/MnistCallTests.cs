using Quantize.Build;
using Quantize.Tests;
using static Quantize.Generator.Tests.TestSignatures;

namespace Quantize.Generator.Tests;

/// <summary>The tutorial's network as Google's converter wrote it, called through its class.</summary>
public sealed class MnistCallTests
{
    [Theory]
    [InlineData("google_float.tflite")]
    [InlineData("google_dynamic.tflite")]
    public void The_class_computes_what_the_untyped_session_computes(string file)
    {
        ModelSignature signature = Mnist with
        {
            Methods = new([Mnist.Methods[0]]),
            Operators = new(["Add", "ArgMax", "Conv2D", "FullyConnected", "MaxPool2D", "Pack", "Reshape", "Shape", "Softmax", "StridedSlice"]),
        };
        string result = (string)TestProject.With(signature)
            .AddResource(signature.ResourceName, File.ReadAllBytes(Repository.Shared("data", "mnist_model", file)))
            .AddSource(CallTests.Program("""
                float[] images = new float[5 * MnistModel.ImageSize];
                for (int i = 0; i < images.Length; i++)
                    images[i] = i * 7919 % 256 / 255f;
                MnistModel.PredictionBatch batch = MnistModel.PredictBatch(images);
                using Quantize.Runtime.Session session = MnistModel.Model.CreateSession("serving_default");
                int wrong = 0;
                for (int i = 0; i < 5; i++)
                {
                    ReadOnlySpan<float> image = images.AsSpan(i * MnistModel.ImageSize, MnistModel.ImageSize);
                    image.CopyTo(session.Input<float>("image"));
                    session.Run();
                    MnistModel.Prediction one = MnistModel.Predict(image);
                    if (one.Classes != session.Output<long>("classes")[0] || !one.Probabilities.AsSpan().SequenceEqual(session.Output<float>("probabilities")))
                        wrong++;
                    if (batch[i].Classes != one.Classes || batch[i].Probabilities.Zip(one.Probabilities, (a, b) => Math.Abs(a - b)).Max() > 1e-6f)
                        wrong++;
                    if (Math.Abs(one.Probabilities.Sum() - 1) > 1e-5f)
                        wrong++;
                }
                return $"{batch.Count} items, {wrong} wrong";
                """))
            .Run()!;
        Assert.Equal("5 items, 0 wrong", result);
    }

    [Fact]
    public void The_call_over_spans_allocates_nothing()
    {
        ModelSignature signature = Mnist with { Methods = new([Mnist.Methods[0]]), Operators = default };
        string result = (string)TestProject.With(signature)
            .AddResource(signature.ResourceName, File.ReadAllBytes(Repository.Shared("data", "mnist_model", "google_float.tflite")))
            .AddSource(CallTests.Program("""
                float[] image = new float[MnistModel.ImageSize], probabilities = new float[MnistModel.ProbabilitiesSize];
                long[] classes = new long[1];
                for (int i = 0; i < 50; i++)
                    MnistModel.Predict(image, classes, probabilities);
                long before = GC.GetAllocatedBytesForCurrentThread();
                for (int i = 0; i < 50; i++)
                    MnistModel.Predict(image, classes, probabilities);
                return (GC.GetAllocatedBytesForCurrentThread() - before).ToString();
                """))
            .Run()!;
        Assert.Equal("0", result);
    }
}
