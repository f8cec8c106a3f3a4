using Quantize.Runtime;
using Quantize.Tests;
using Quantize.Tool.Tensors;

namespace Quantize.Tool.Tests;

/// <summary>The sample's network, converted once by the program itself, and pictures to run it on.</summary>
public sealed class MnistFiles : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly float[] _images = MnistImages.Test();

    public MnistFiles()
    {
        Quantized = _folder.PathOf("mnist.tflite");
        Float = _folder.PathOf("float.tflite");
        ToolRun.Of("convert", SavedModel, "-o", Quantized).Succeeded();
        ToolRun.Of("convert", SavedModel, "-o", Float, "--quantization", "None").Succeeded();
    }

    /// <summary>The SavedModel of the sample.</summary>
    public static string SavedModel { get; } = Path.Combine(Repository.Root, "samples", "Mnist", "models", "mnist");

    public string Quantized { get; }

    public string Float { get; }

    /// <summary>That many test pictures as a tensor.</summary>
    internal NamedTensor Images(string name, int first, int count)
    {
        var bytes = new byte[count * MnistImages.Size * sizeof(float)];
        Buffer.BlockCopy(_images, first * MnistImages.Size * sizeof(float), bytes, 0, bytes.Length);
        return new NamedTensor(name, TensorType.Float32, [count, 28, 28], bytes);
    }

    /// <summary>What the pictures show; the network knows the first hundred without a fault.</summary>
    internal static long[] Labels(int first, int count) => [.. MnistImages.TestLabels().Skip(first).Take(count).Select(label => (long)label)];

    public void Dispose() => _folder.Dispose();
}
