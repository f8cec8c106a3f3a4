using System.Numerics;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>Functions of one operand on codes.</summary>
internal static class IntegerFunction
{
    /// <summary>Functions that Google's kernels compute otherwise than by a table.</summary>
    private static readonly Dictionary<UnaryFunction, Func<PrepareContext, Step>> s_special = new()
    {
        [UnaryFunction.Abs] = IntegerPiecewise.Abs,
        [UnaryFunction.Sqrt] = IntegerPiecewise.Sqrt,
        [UnaryFunction.Relu] = context => Clamped(context, 0, float.PositiveInfinity, "relu"),
        [UnaryFunction.Relu6] = context => Clamped(context, 0, 6, "relu6"),
        [UnaryFunction.Relu0To1] = context => Clamped(context, 0, 1, "relu0to1"),
        [UnaryFunction.ReluN1To1] = context => Clamped(context, -1, 1, "relun1to1"),
    };

    private static readonly Dictionary<UnaryFunction, Func<PrepareContext, Step>> s_of8Bits = new()
    {
        [UnaryFunction.HardSwish] = IntegerHardSwish.Prepare,
    };

    private static readonly Dictionary<UnaryFunction, Func<PrepareContext, Step>> s_of16Bits = new()
    {
        [UnaryFunction.Logistic] = IntegerSigmoid.Logistic,
        [UnaryFunction.Tanh] = IntegerSigmoid.Tanh,
        [UnaryFunction.Log] = context => OfPositive(context, UnaryFunction.Log, short.MinValue - TensorScale.Of(context.Output(0), context).ZeroPoint),
        [UnaryFunction.Rsqrt] = context => OfPositive(context, UnaryFunction.Rsqrt, short.MaxValue),
    };

    /// <summary>Codes, not plain integers: both tensors have a scale.</summary>
    public static bool Applies(PrepareContext context) =>
        context.Input(0) is { Type: TensorType.Int8 or TensorType.UInt8 or TensorType.Int16, Quantization: not null } && context.Output(0).Quantization is not null;

    public static Step Prepare(PrepareContext context, UnaryFunction function) =>
        SpecialFor(context.Input(0).Type).TryGetValue(function, out Func<PrepareContext, Step>? ofType) ? ofType(context)
        : s_special.TryGetValue(function, out Func<PrepareContext, Step>? special) ? special(context)
        : Table(context, function.ToString().ToLowerInvariant(), values => KernelSets.Scalar.Elementwise.Unary(function, values, values));

    /// <summary>A function under which a code of zero point 0 in one scale becomes what a plain integer would.</summary>
    public static bool IsPlain(PrepareContext context, UnaryFunction function) =>
        function == UnaryFunction.Neg && TensorScale.Of(context.Input(0), context) is { ZeroPoint: 0 } from && from == TensorScale.Of(context.Output(0), context);

    /// <summary>Any function, by a table.</summary>
    public static Step Table(PrepareContext context, string name, Action<float[]> function)
    {
        TensorSlot input = context.Input(0), output = context.Output(0);
        return (input.Type, output.Type) switch
        {
            (TensorType.Int8, TensorType.Int8) => Table8<sbyte>(context, name, function),
            (TensorType.UInt8, TensorType.UInt8) => Table8<byte>(context, name, function),
            (TensorType.Int16, TensorType.Int16) => Table16(context, name, function),
            _ => throw context.Fail($"computes {output.Type} of {input.Type}, for which there is no kernel"),
        };
    }

    /// <summary>A function that is defined above 0: everywhere else it is so many steps of the output's scale, which bends the line to its first sample.</summary>
    private static Step OfPositive(PrepareContext context, UnaryFunction function, int elsewhere)
    {
        float value = elsewhere * TensorScale.Of(context.Output(0), context).Scale;
        return Table(context, function.ToString().ToLowerInvariant(), values =>
        {
            float[] arguments = [.. values];
            KernelSets.Scalar.Elementwise.Unary(function, values, values);
            for (int i = 0; i < values.Length; i++)
                values[i] = arguments[i] > 0 ? values[i] : value;
        });
    }

    private static Dictionary<UnaryFunction, Func<PrepareContext, Step>> SpecialFor(TensorType type) => type == TensorType.Int16 ? s_of16Bits : s_of8Bits;

    private static CodeTableStep<T, T> Table8<T>(PrepareContext context, string name, Action<float[]> function)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        TensorScale from = TensorScale.Of(context.Input(0), context), to = TensorScale.Of(context.Output(0), context);
        return new(context.Input(0), context.Output(0), CodeTable.Of8Bits<T>(from.Scale, from.ZeroPoint, to.Scale, to.ZeroPoint, function), name);
    }

    private static MapStep<short, short> Table16(PrepareContext context, string name, Action<float[]> function)
    {
        TensorScale from = TensorScale.Of(context.Input(0), context), to = TensorScale.Of(context.Output(0), context);
        short[] table = CodeTable.Of16Bits(from.Scale, from.ZeroPoint, to.Scale, to.ZeroPoint, function);
        return new(context.Input(0), context.Output(0), $"{name} Int16, table", code => CodeTable.Interpolate(table, code));
    }

    private static Step Clamped(PrepareContext context, float minimum, float maximum, string name)
    {
        CodeRange type = CodeRange.Of(context.Output(0).Type, context);
        TensorScale to = TensorScale.Of(context.Output(0), context);
        var range = new CodeRange(Math.Max(type.Minimum, to.Code(minimum)), float.IsInfinity(maximum) ? type.Maximum : Math.Min(type.Maximum, to.Code(maximum)));
        return Rescaling.Prepare(context, range, name);
    }
}
