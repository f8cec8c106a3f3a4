using System.Buffers.Binary;
using System.IO.Compression;

namespace Mnist;

/// <summary>The test pictures of MNIST, as floats from 0 (paper) to 1 (ink), and what they show. They are embedded as their authors published them.</summary>
internal sealed class Digits
{
    public const int Side = 28;

    private const int PicturesStart = 16;
    private const int LabelsStart = 8;

    private readonly float[] _pixels;
    private readonly byte[] _labels;

    private Digits(float[] pixels, byte[] labels)
    {
        _pixels = pixels;
        _labels = labels;
    }

    public int Count => _labels.Length;

    public static Digits Load()
    {
        byte[] pictures = Unzip("t10k-images-idx3-ubyte");
        int count = BinaryPrimitives.ReadInt32BigEndian(pictures.AsSpan(4));
        var pixels = new float[count * Side * Side];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = pictures[PicturesStart + i] / 255f;
        return new Digits(pixels, Unzip("t10k-labels-idx1-ubyte")[LabelsStart..]);
    }

    public ReadOnlySpan<float> Image(int index) => _pixels.AsSpan(index * Side * Side, Side * Side);

    public int Label(int index) => _labels[index];

    private static byte[] Unzip(string resource)
    {
        using Stream packed = typeof(Digits).Assembly.GetManifestResourceStream(resource)!;
        using var gzip = new GZipStream(packed, CompressionMode.Decompress);
        var bytes = new MemoryStream();
        gzip.CopyTo(bytes);
        return bytes.ToArray();
    }
}
