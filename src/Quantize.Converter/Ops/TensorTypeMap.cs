using Quantize.Converter.TensorFlow;
using Quantize.Runtime;

namespace Quantize.Converter.Ops;

/// <summary>TensorFlow's element types and TFLite's.</summary>
internal static class TensorTypeMap
{
    private static readonly Dictionary<TfDataType, TensorType> s_types = new()
    {
        [TfDataType.Float32] = TensorType.Float32,
        [TfDataType.Float64] = TensorType.Float64,
        [TfDataType.Float16] = TensorType.Float16,
        [TfDataType.BFloat16] = TensorType.BFloat16,
        [TfDataType.Int8] = TensorType.Int8,
        [TfDataType.Int16] = TensorType.Int16,
        [TfDataType.Int32] = TensorType.Int32,
        [TfDataType.Int64] = TensorType.Int64,
        [TfDataType.UInt8] = TensorType.UInt8,
        [TfDataType.UInt16] = TensorType.UInt16,
        [TfDataType.UInt32] = TensorType.UInt32,
        [TfDataType.UInt64] = TensorType.UInt64,
        [TfDataType.Bool] = TensorType.Bool,
        [TfDataType.String] = TensorType.String,
        [TfDataType.Complex64] = TensorType.Complex64,
        [TfDataType.Complex128] = TensorType.Complex128,
        [TfDataType.Resource] = TensorType.Resource,
        [TfDataType.Variant] = TensorType.Variant,
    };

    public static bool TryMap(TfDataType type, out TensorType mapped) => s_types.TryGetValue(type, out mapped);
}
