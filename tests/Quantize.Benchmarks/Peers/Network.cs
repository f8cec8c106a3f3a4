using System.IO.Compression;
using System.Reflection;
using Quantize.Converter;

namespace Quantize.Benchmarks.Peers;

/// <summary>A network of the corpora beside the repository: what our converter makes of its source, and its twins for ONNX Runtime.</summary>
internal sealed record Network(string Name, string Source, string Twin, params int[] Batches)
{
    public static IReadOnlyList<Network> All { get; } =
    [
        new("mnist", Data("mnist_model", "google_float.tflite"), "mnist", 1, 32),
        new("mobilenet_v1", Data("large_models", "mobilenet_v1_1.0_224.pb.gz"), "mobilenet_v1_1.0_224", 1),
        new("mobilenet_v2", Data("large_models", "mobilenet_v2_1.0_224.pb.gz"), "mobilenet_v2_1.0_224", 1),
        new("resnet_v2_101", Data("large_models", "resnet_v2_101_299.pb.gz"), "resnet_v2_101_299", 1),
        new("kws_dscnn", Data("models", "mlperf_tiny_kws01_dscnn", "kws_ref_model"), "kws_dscnn", 1),
        new("resnet8", Data("models", "mlperf_tiny_ic01_resnet8", "pretrainedResnet.tflite"), "resnet8", 1),
    ];

    public ReadOnlyMemory<byte> OnnxFloat => Read($"{Twin}_float.onnx");

    /// <summary>The twin with unsigned weights: the faster one of the two.</summary>
    public ReadOnlyMemory<byte> OnnxQuantized => Read($"{Twin}_quint8.onnx");

    public ReadOnlyMemory<byte> Convert(QuantizationScheme scheme)
    {
        if (!Source.EndsWith(".gz", StringComparison.Ordinal))
            return ModelConverter.Convert(new ConversionRequest { ModelPath = Source, Quantization = scheme }).Model;
        string unpacked = Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()}-{Path.GetFileNameWithoutExtension(Source)}");
        try
        {
            File.WriteAllBytes(unpacked, Unzip(Source));
            return ModelConverter.Convert(new ConversionRequest { ModelPath = unpacked, Quantization = scheme }).Model;
        }
        finally
        {
            File.Delete(unpacked);
        }
    }

    private static string Data(params string[] parts)
    {
        string root = typeof(Network).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == "RepositoryRoot").Value!;
        return Path.GetFullPath(Path.Combine([root, "..", "shared", "data", .. parts]));
    }

    private static byte[] Read(string twin)
    {
        string plain = Data("onnx_twins", twin);
        return File.Exists(plain) ? File.ReadAllBytes(plain) : Unzip(plain + ".gz");
    }

    private static byte[] Unzip(string path)
    {
        using var stream = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
