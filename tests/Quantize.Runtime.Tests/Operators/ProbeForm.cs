namespace Quantize.Runtime.Tests.Operators;

/// <summary>A column of the page of operators: the type of what an operator computes with, and that of its constant weights where it has some.</summary>
internal sealed record ProbeForm(string Name, TensorType Data, TensorType Weights)
{
    public static ProbeForm[] All { get; } =
    [
        new("float32", TensorType.Float32, TensorType.Float32),
        new("float16 weights", TensorType.Float32, TensorType.Float16),
        new("hybrid int8", TensorType.Float32, TensorType.Int8),
        new("hybrid int4", TensorType.Float32, TensorType.Int4),
        new("int8", TensorType.Int8, TensorType.Int8),
        new("int8, int4 weights", TensorType.Int8, TensorType.Int4),
        new("uint8", TensorType.UInt8, TensorType.UInt8),
        new("int16", TensorType.Int16, TensorType.Int8),
        new("int16, int4 weights", TensorType.Int16, TensorType.Int4),
        new("int32", TensorType.Int32, TensorType.Int32),
        new("int64", TensorType.Int64, TensorType.Int64),
        new("bool", TensorType.Bool, TensorType.Bool),
        new("string", TensorType.String, TensorType.String),
    ];

    /// <summary>Whether it differs from another column by the weights alone: an operator without weights has nothing to say there.</summary>
    public bool IsAboutWeights => Weights is TensorType.Float16 or TensorType.Int4 || (Data, Weights) == (TensorType.Float32, TensorType.Int8);
}
