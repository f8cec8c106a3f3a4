using Quantize.Tests;

namespace Quantize.Runtime.Tests;

/// <summary>Google's own files of the tutorial's network, against the results recorded with them.</summary>
public sealed class MnistTests
{
    [Theory]
    [InlineData("google_float.tflite", "predictions_t10k.tf.u8", 10_000)]
    [InlineData("google_dynamic.tflite", "predictions_t10k.google_dynamic.u8", 9_995)]
    [InlineData("google_dynamic_pertensor.tflite", "predictions_t10k.google_dynamic_pertensor_builtin.u8", 9_995)]
    public void Googles_files_give_Googles_predictions(string file, string predictions, int equal)
    {
        float[] images = MnistImages.Test();
        byte[] expected = File.ReadAllBytes(Repository.Shared("data", "mnist_model", predictions));
        byte[] labels = MnistImages.TestLabels();
        using CompiledModel model = CompiledModel.Load(Repository.Shared("data", "mnist_model", file));
        using Session session = model.CreateSession();
        int classes = session.Signature.Outputs[0].Type == TensorType.Int64 ? 0 : 1;
        int same = 0, right = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            images.AsSpan(i * MnistImages.Size, MnistImages.Size).CopyTo(session.Input<float>(0));
            session.Run();
            long predicted = session.Output<long>(classes)[0];
            same += predicted == expected[i] ? 1 : 0;
            right += predicted == labels[i] ? 1 : 0;
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{file}: {same} as recorded, {right} right");
        Assert.True(same >= equal, $"{same} of {expected.Length} predictions are as recorded; {equal} are wanted");
    }
}
