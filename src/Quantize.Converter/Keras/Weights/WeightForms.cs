using System.Runtime.InteropServices;
using Quantize.Converter.Graphs;
using Quantize.Runtime;

namespace Quantize.Converter.Keras.Weights;

/// <summary>Weights of every type in float32, in which all layers compute.</summary>
internal static class WeightForms
{
    public static Value AsFloat(Value weight) => weight.Type switch
    {
        TensorType.Float32 => weight,
        TensorType.Float16 or TensorType.BFloat16 => weight.Form("float32", () => ConstantData.Widened(weight)),
        TensorType.Float64 => weight.Form("float32", () => Converted<double>(weight, number => (float)number)),
        TensorType.Int8 => weight.Form("float32", () => Converted<sbyte>(weight, number => number)),
        TensorType.UInt8 => weight.Form("float32", () => Converted<byte>(weight, number => number)),
        TensorType.Int32 => weight.Form("float32", () => Converted<int>(weight, number => number)),
        _ => weight.Form("float32", () => Converted<long>(weight, number => number)),
    };

    /// <summary>A block of a matrix, in a shape of as many elements.</summary>
    public static Value Part(Value matrix, int[] begin, int[] size, params int[] shape)
    {
        string form = FormattableString.Invariant($"rows {begin[0]} + {size[0]}, columns {begin[1]} + {size[1]}");
        return matrix.Form(form, () => Value.Constant(matrix.Name, matrix.Type, shape, () =>
        {
            int width = matrix.Shape[1].Value;
            ReadOnlySpan<float> elements = ConstantData.Floats(matrix);
            var part = new float[size[0] * size[1]];
            for (int row = 0; row < size[0]; row++)
                elements.Slice((begin[0] + row) * width + begin[1], size[1]).CopyTo(part.AsSpan(row * size[1]));
            return MemoryMarshal.AsBytes(part.AsSpan()).ToArray();
        }));
    }

    private static Value Converted<T>(Value weight, Func<T, float> convert)
        where T : unmanaged => Value.Constant(weight.Name, TensorType.Float32, weight.Shape.ToArray(), () =>
    {
        ReadOnlySpan<T> elements = MemoryMarshal.Cast<byte, T>(weight.Data.Span);
        var floats = new float[elements.Length];
        for (int i = 0; i < floats.Length; i++)
            floats[i] = convert(elements[i]);
        return MemoryMarshal.AsBytes(floats.AsSpan()).ToArray();
    });
}
