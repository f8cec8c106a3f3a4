namespace Quantize.Converter.TensorFlow;

/// <summary>Facts about element types.</summary>
internal static class TfDataTypes
{
    private const int FirstReference = 100;

    /// <summary>The type of that number, a reference type folded to the type it refers to; Invalid for numbers unknown.</summary>
    public static TfDataType Of(int number)
    {
        int plain = number > FirstReference ? number - FirstReference : number;
        return Enum.IsDefined((TfDataType)plain) ? (TfDataType)plain : TfDataType.Invalid;
    }

    /// <summary>Bytes of one element as TensorFlow stores it (packed types take a whole byte); 0 where the size is not fixed.</summary>
    public static int ByteSize(this TfDataType type) => type switch
    {
        TfDataType.Complex128 => 16,
        TfDataType.Float64 or TfDataType.Int64 or TfDataType.UInt64 or TfDataType.Complex64 => 8,
        TfDataType.Float32 or TfDataType.Int32 or TfDataType.UInt32 or TfDataType.QInt32 => 4,
        TfDataType.Float16 or TfDataType.BFloat16 or TfDataType.Int16 or TfDataType.UInt16 or TfDataType.QInt16 or TfDataType.QUInt16 => 2,
        TfDataType.Invalid or TfDataType.String or TfDataType.Resource or TfDataType.Variant => 0,
        _ => 1,
    };
}
