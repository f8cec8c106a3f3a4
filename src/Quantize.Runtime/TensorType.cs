namespace Quantize.Runtime;

/// <summary>Element type of a tensor, numbered as in the TFLite schema.</summary>
public enum TensorType
{
    /// <summary>FLOAT32</summary>
    Float32 = 0,
    /// <summary>FLOAT16</summary>
    Float16 = 1,
    /// <summary>INT32</summary>
    Int32 = 2,
    /// <summary>UINT8</summary>
    UInt8 = 3,
    /// <summary>INT64</summary>
    Int64 = 4,
    /// <summary>STRING</summary>
    String = 5,
    /// <summary>BOOL</summary>
    Bool = 6,
    /// <summary>INT16</summary>
    Int16 = 7,
    /// <summary>COMPLEX64</summary>
    Complex64 = 8,
    /// <summary>INT8</summary>
    Int8 = 9,
    /// <summary>FLOAT64</summary>
    Float64 = 10,
    /// <summary>COMPLEX128</summary>
    Complex128 = 11,
    /// <summary>UINT64</summary>
    UInt64 = 12,
    /// <summary>RESOURCE</summary>
    Resource = 13,
    /// <summary>VARIANT</summary>
    Variant = 14,
    /// <summary>UINT32</summary>
    UInt32 = 15,
    /// <summary>UINT16</summary>
    UInt16 = 16,
    /// <summary>INT4</summary>
    Int4 = 17,
    /// <summary>BFLOAT16</summary>
    BFloat16 = 18,
    /// <summary>INT2</summary>
    Int2 = 19,
    /// <summary>UINT4</summary>
    UInt4 = 20,
    /// <summary>FLOAT8_E4M3FN</summary>
    Float8E4M3 = 21,
    /// <summary>FLOAT8_E5M2</summary>
    Float8E5M2 = 22,
}
