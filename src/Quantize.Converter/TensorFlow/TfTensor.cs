namespace Quantize.Converter.TensorFlow;

/// <summary>
/// A constant or a variable's value: dense little-endian elements, row-major. The bytes are fetched when first asked for, so that a model's signature can be read
/// without its weights.
/// </summary>
internal sealed class TfTensor
{
    private readonly Lazy<ReadOnlyMemory<byte>> _bytes;
    private readonly Lazy<byte[][]> _strings = new([]);

    public TfTensor(TfDataType type, int[] shape, ReadOnlyMemory<byte> bytes)
        : this(type, shape, () => bytes)
    {
    }

    public TfTensor(TfDataType type, int[] shape, Func<ReadOnlyMemory<byte>> bytes)
    {
        Type = type;
        Shape = shape;
        _bytes = new Lazy<ReadOnlyMemory<byte>>(bytes);
    }

    public TfTensor(int[] shape, byte[][] strings)
        : this(TfDataType.String, shape, ReadOnlyMemory<byte>.Empty) => _strings = new Lazy<byte[][]>(strings);

    public TfTensor(int[] shape, Func<byte[][]> strings)
        : this(TfDataType.String, shape, ReadOnlyMemory<byte>.Empty) => _strings = new Lazy<byte[][]>(strings);

    public TfDataType Type { get; }

    public int[] Shape { get; }

    public ReadOnlyMemory<byte> Bytes => _bytes.Value;

    /// <summary>The elements of a string tensor.</summary>
    public byte[][] Strings => _strings.Value;
}
