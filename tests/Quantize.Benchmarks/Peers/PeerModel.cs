using System.Reflection;

namespace Quantize.Benchmarks.Peers;

/// <summary>One network as four files: float and quantized for each runtime.</summary>
internal sealed record PeerModel(string Name, string Float, string Quantized, string OnnxFloat, string OnnxQuantized)
{
    /// <summary>The networks of the corpora beside the repository.</summary>
    public static IReadOnlyList<PeerModel> All { get; } =
    [
        new("mnist", Data("mnist_model", "google_float.tflite"), Data("mnist_model", "google_dynamic.tflite"), Data("onnx_twins", "mnist_float.onnx"), Data("onnx_twins", "mnist_quint8.onnx")),
    ];

    public static string Data(params string[] parts)
    {
        string root = typeof(PeerModel).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == "RepositoryRoot").Value!;
        return Path.GetFullPath(Path.Combine([root, "..", "shared", "data", .. parts]));
    }
}
