using System.Runtime.InteropServices;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;

namespace Quantize.Converter.Graphs;

/// <summary>The elements of constants as numbers, and constants made of numbers.</summary>
internal static class ConstantData
{
    public static ReadOnlySpan<float> Floats(Value constant) => MemoryMarshal.Cast<byte, float>(constant.Data.Span);

    public static long[] Integers(Value constant)
    {
        ReadOnlySpan<byte> data = constant.Data.Span;
        return constant.Type switch
        {
            TensorType.Int32 => Widened(MemoryMarshal.Cast<byte, int>(data)),
            TensorType.Int64 => MemoryMarshal.Cast<byte, long>(data).ToArray(),
            _ => throw new InvalidOperationException($"the constant {constant} holds no 32- or 64-bit integers"),
        };
    }

    /// <summary>Whether the value is a constant whose elements are all this number.</summary>
    public static bool IsAll(Value value, int number) => value.IsConstant && value.Type switch
    {
        TensorType.Float32 => !Floats(value).ContainsAnyExcept(number),
        TensorType.Int32 => !MemoryMarshal.Cast<byte, int>(value.Data.Span).ContainsAnyExcept(number),
        TensorType.Int64 => !MemoryMarshal.Cast<byte, long>(value.Data.Span).ContainsAnyExcept(number),
        TensorType.Bool => !value.Data.Span.ContainsAnyExcept((byte)number),
        _ => false,
    };

    public static Value Of(string name, params ReadOnlySpan<int> vector) =>
        Value.Constant(name, TensorType.Int32, [vector.Length], MemoryMarshal.AsBytes(vector).ToArray());

    public static Value Of(string name, int[] shape, ReadOnlySpan<float> elements) =>
        Value.Constant(name, TensorType.Float32, shape, MemoryMarshal.AsBytes(elements).ToArray());

    public static Value Scalar(string name, int number) => Value.Constant(name, TensorType.Int32, [], BitConverter.GetBytes(number));

    public static Value Scalar(string name, float number) => Value.Constant(name, TensorType.Float32, [], BitConverter.GetBytes(number));

    /// <summary>The halves of a constant as float32.</summary>
    public static Value Widened(Value halves) => Value.Constant(halves.Name, TensorType.Float32, halves.Shape.ToArray(), () =>
    {
        ReadOnlySpan<ushort> bits = MemoryMarshal.Cast<byte, ushort>(halves.Data.Span);
        var floats = new float[bits.Length];
        for (int i = 0; i < floats.Length; i++)
            floats[i] = halves.Type == TensorType.BFloat16 ? FloatConversion.FromBrain(bits[i]) : (float)BitConverter.UInt16BitsToHalf(bits[i]);
        return MemoryMarshal.AsBytes(floats.AsSpan()).ToArray();
    });

    /// <summary>The same elements with another shape of as many elements.</summary>
    public static Value Reshaped(Value constant, params int[] shape)
    {
        Value reshaped = Value.Constant(constant.Name, constant.Type, shape, () => constant.Data);
        reshaped.Grid = constant.Grid?.Reshaped(constant.Shape.ToArray(), shape);
        return reshaped;
    }

    /// <summary>Output dimension i is input dimension <paramref name="permutation"/>[i]; the elements are moved when first asked for.</summary>
    public static Value Transposed(Value constant, params int[] permutation)
    {
        int[] shape = constant.Shape.ToArray();
        int[] permuted = [.. permutation.Select(axis => shape[axis])];
        Value transposed = Value.Constant(constant.Name, constant.Type, permuted, () => Transpose(constant.Data.Span, shape, permutation, constant.Type.Bits() / 8));
        transposed.Grid = constant.Grid?.Transposed(permutation);
        return transposed;
    }

    /// <summary>The same elements with <paramref name="factor"/> - 1 zeros between neighbours along an axis.</summary>
    public static Value Spread(Value constant, int axis, int factor)
    {
        int[] shape = constant.Shape.ToArray(), spread = [.. shape];
        spread[axis] = Math.Max(0, checked((shape[axis] - 1) * factor + 1));
        int inner = shape[(axis + 1)..].Aggregate(constant.Type.Bits() / 8, (product, dimension) => checked(product * dimension));
        int length = spread.Aggregate(constant.Type.Bits() / 8, (product, dimension) => checked(product * dimension));
        return factor == 1 ? constant : Value.Constant(constant.Name, constant.Type, spread, () => Spread(constant.Data.Span, shape[axis], factor, inner, length));
    }

    private static byte[] Spread(ReadOnlySpan<byte> data, int steps, int factor, int inner, int length)
    {
        var result = new byte[length];
        for (int i = 0, to = 0; (i + 1) * inner <= data.Length; i++)
        {
            data.Slice(i * inner, inner).CopyTo(result.AsSpan(to));
            to += (i + 1) % steps == 0 ? inner : factor * inner;
        }

        return result;
    }

    private static byte[] Transpose(ReadOnlySpan<byte> data, int[] shape, int[] permutation, int elementSize)
    {
        int rank = shape.Length;
        var strides = new long[rank];
        long stride = elementSize;
        for (int i = rank - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= shape[i];
        }

        var result = new byte[data.Length];
        var index = new int[rank];
        long from = 0;
        for (int to = 0; to < result.Length; to += elementSize)
        {
            data.Slice((int)from, elementSize).CopyTo(result.AsSpan(to));
            for (int i = rank - 1; i >= 0; i--)
            {
                int axis = permutation[i];
                from += strides[axis];
                if (++index[i] < shape[axis])
                    break;
                from -= strides[axis] * shape[axis];
                index[i] = 0;
            }
        }

        return result;
    }

    private static long[] Widened(ReadOnlySpan<int> numbers)
    {
        var wide = new long[numbers.Length];
        for (int i = 0; i < wide.Length; i++)
            wide[i] = numbers[i];
        return wide;
    }
}
