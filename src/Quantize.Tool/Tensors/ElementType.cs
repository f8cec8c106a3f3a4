using Quantize.Runtime;

namespace Quantize.Tool.Tensors;

/// <summary>The element types that files of tensors hold: safetensors' word, numpy's letters, the size in bytes.</summary>
internal sealed record ElementType(TensorType Type, string Safetensors, string Numpy, int Bytes)
{
    private static readonly ElementType[] s_all =
    [
        new(TensorType.Float32, "F32", "f4", 4),
        new(TensorType.Float64, "F64", "f8", 8),
        new(TensorType.Float16, "F16", "f2", 2),
        new(TensorType.Int8, "I8", "i1", 1),
        new(TensorType.UInt8, "U8", "u1", 1),
        new(TensorType.Int16, "I16", "i2", 2),
        new(TensorType.UInt16, "U16", "u2", 2),
        new(TensorType.Int32, "I32", "i4", 4),
        new(TensorType.UInt32, "U32", "u4", 4),
        new(TensorType.Int64, "I64", "i8", 8),
        new(TensorType.UInt64, "U64", "u8", 8),
        new(TensorType.Bool, "BOOL", "b1", 1),
    ];

    public static ElementType OfSafetensors(string word, string name) =>
        Array.Find(s_all, type => type.Safetensors == word)
        ?? throw new TensorFileException($"tensor '{name}' has elements of type '{word}'; known are {string.Join(", ", s_all.Select(type => type.Safetensors))}");

    public static ElementType OfNumpy(string letters, string name) =>
        Array.Find(s_all, type => type.Numpy == letters)
        ?? throw new TensorFileException($"array '{name}' has elements of type '{letters}'; known are {string.Join(", ", s_all.Select(type => type.Numpy))}");

    public static ElementType Of(NamedTensor tensor) =>
        Array.Find(s_all, type => type.Type == tensor.Type)
        ?? throw new TensorFileException($"tensor '{tensor.Name}' has elements of type {tensor.Type}, which this format cannot hold");

    /// <summary>Bytes of a dense tensor; a dimension that is negative, or a size beyond 2 GB, is a fault of the file.</summary>
    public int ByteCount(ReadOnlySpan<int> shape, string name)
    {
        long bytes = Bytes;
        foreach (int length in shape)
        {
            if (length < 0)
                throw new TensorFileException($"tensor '{name}' has the dimension {length}");
            bytes *= length;
            if (bytes > int.MaxValue)
                throw new TensorFileException($"tensor '{name}' is larger than 2 GB");
        }

        return (int)bytes;
    }
}
