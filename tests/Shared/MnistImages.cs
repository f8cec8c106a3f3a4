using System.Buffers.Binary;
using System.IO.Compression;

namespace Quantize.Tests;

/// <summary>The 10,000 test pictures of MNIST as floats in [0, 1], and their labels.</summary>
internal static class MnistImages
{
    public const int Size = 28 * 28;

#if DEBUG
    /// <summary>How many pictures a test that runs a model over all of them takes: kernels that are not optimized would take minutes.</summary>
    public const int Evaluated = 500;
#else
    /// <summary>How many pictures a test that runs a model over all of them takes.</summary>
    public const int Evaluated = 10_000;
#endif

    public static float[] Test()
    {
        byte[] file = Unzip("t10k-images-idx3-ubyte.gz");
        int count = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(4));
        var images = new float[count * Size];
        for (int i = 0; i < images.Length; i++)
            images[i] = file[16 + i] / 255f;
        return images;
    }

    public static byte[] TestLabels() => Unzip("t10k-labels-idx1-ubyte.gz")[8..];

    private static byte[] Unzip(string name)
    {
        using var gzip = new GZipStream(File.OpenRead(Path.Combine(Repository.Root, "samples", "Mnist", "data", name)), CompressionMode.Decompress);
        var bytes = new MemoryStream();
        gzip.CopyTo(bytes);
        return bytes.ToArray();
    }
}
