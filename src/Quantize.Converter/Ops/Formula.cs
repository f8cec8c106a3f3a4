using System.Globalization;
using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>Builtins as arithmetic, for operations that have no builtin of their own.</summary>
internal readonly struct Formula(ImportContext context)
{
    public Value Number(float number) => ConstantData.Scalar(string.Create(CultureInfo.InvariantCulture, $"{context.Node.Name}/{number}"), number);

    /// <summary>A scalar of an integer type, or of float32.</summary>
    public Value Number(TensorType type, int number) => type switch
    {
        TensorType.Float32 => Number(number),
        TensorType.Int8 => Integer(type, number, [unchecked((byte)(sbyte)number)]),
        TensorType.UInt8 => Integer(type, number, [unchecked((byte)number)]),
        TensorType.Int16 => Integer(type, number, BitConverter.GetBytes((short)number)),
        TensorType.UInt16 => Integer(type, number, BitConverter.GetBytes(unchecked((ushort)number))),
        TensorType.Int32 => Integer(type, number, BitConverter.GetBytes(number)),
        TensorType.UInt32 => Integer(type, number, BitConverter.GetBytes(unchecked((uint)number))),
        TensorType.Int64 or TensorType.UInt64 => Integer(type, number, BitConverter.GetBytes((long)number)),
        _ => throw context.Refuse($"numbers of type {type} are not supported"),
    };

    /// <summary>A scalar of any type whose bits are all 0.</summary>
    public Value Zero(TensorType type) => type.Bits() >= 8
        ? Value.Constant($"{context.Node.Name}/zero", type, [], new byte[type.Bits() / 8])
        : throw context.Refuse($"tensors of {type} are not supported");

    public Value Add(Value a, Value b) => context.Emit(BuiltinOperator.Add, a, b);

    public Value Sub(Value a, Value b) => context.Emit(BuiltinOperator.Sub, a, b);

    public Value Mul(Value a, Value b) => context.Emit(BuiltinOperator.Mul, a, b);

    public Value Div(Value a, Value b) => context.Emit(BuiltinOperator.Div, a, b);

    public Value Max(Value a, Value b) => context.Emit(BuiltinOperator.Maximum, a, b);

    public Value Min(Value a, Value b) => context.Emit(BuiltinOperator.Minimum, a, b);

    public Value Abs(Value x) => context.Emit(BuiltinOperator.Abs, x);

    public Value Neg(Value x) => context.Emit(BuiltinOperator.Neg, x);

    public Value Sign(Value x) => context.Emit(BuiltinOperator.Sign, x);

    public Value Exp(Value x) => context.Emit(BuiltinOperator.Exp, x);

    public Value Log(Value x) => context.Emit(BuiltinOperator.Log, x);

    public Value Sqrt(Value x) => context.Emit(BuiltinOperator.Sqrt, x);

    public Value Square(Value x) => context.Emit(BuiltinOperator.Mul, x, x);

    public Value Xor(Value a, Value b) => context.Emit(BuiltinOperator.BitwiseXor, a, b);

    /// <summary>An integer's half, rounded down.</summary>
    public Value Half(Value x) => context.Emit(BuiltinOperator.RightShift, x, Number(x.Type, 1));

    public Value Equal(Value a, Value b) => context.Emit(BuiltinOperator.Equal, a, b);

    public Value Select(Value condition, Value a, Value b) => context.Emit(BuiltinOperator.SelectV2, condition, a, b);

    public Value Cast(Value x, TensorType type) =>
        x.Type == type ? x : context.Emit(BuiltinOperator.Cast, new CastOptions { InDataType = x.Type, OutDataType = type }, x);

    /// <summary>c[0] + c[1] x + c[2] x^2 + ...</summary>
    public Value Polynomial(Value x, params ReadOnlySpan<float> coefficients)
    {
        Value sum = Number(coefficients[^1]);
        for (int i = coefficients.Length - 2; i >= 0; i--)
            sum = Add(Mul(sum, x), Number(coefficients[i]));
        return sum;
    }

    private Value Integer(TensorType type, int number, byte[] bytes) =>
        Value.Constant(string.Create(CultureInfo.InvariantCulture, $"{context.Node.Name}/{number}"), type, [], bytes);
}
