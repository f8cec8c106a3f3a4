namespace Quantize.Runtime.Format;

/// <summary>Facts about element types.</summary>
internal static class TensorTypes
{
    /// <summary>Bits of one element in a constant's buffer; 0 for types without a fixed size.</summary>
    public static int Bits(this TensorType type) => type switch
    {
        TensorType.Complex128 => 128,
        TensorType.Float64 or TensorType.Int64 or TensorType.UInt64 or TensorType.Complex64 => 64,
        TensorType.Float32 or TensorType.Int32 or TensorType.UInt32 or TensorType.Resource => 32,
        TensorType.Float16 or TensorType.BFloat16 or TensorType.Int16 or TensorType.UInt16 => 16,
        TensorType.Int8 or TensorType.UInt8 or TensorType.Bool or TensorType.Float8E4M3 or TensorType.Float8E5M2 => 8,
        TensorType.Int4 or TensorType.UInt4 => 4,
        TensorType.Int2 => 2,
        _ => 0,
    };

    /// <summary>Bytes of a dense constant of that many elements, packed types rounded up.</summary>
    public static long ByteCount(this TensorType type, long elements) => (elements * type.Bits() + 7) / 8;
}
