using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>One element in, one element out, with few options or none.</summary>
internal static class Unary
{
    public static Value[] Abs(ImportContext context) => Import(context, BuiltinOperator.Abs);

    public static Value[] Ceil(ImportContext context) => Import(context, BuiltinOperator.Ceil);

    public static Value[] Cos(ImportContext context) => Import(context, BuiltinOperator.Cos);

    public static Value[] Elu(ImportContext context) => Import(context, BuiltinOperator.Elu);

    public static Value[] Floor(ImportContext context) => Import(context, BuiltinOperator.Floor);

    public static Value[] Log(ImportContext context) => Import(context, BuiltinOperator.Log);

    public static Value[] LogSoftmax(ImportContext context) => Import(context, BuiltinOperator.LogSoftmax);

    public static Value[] LogicalNot(ImportContext context) => Import(context, BuiltinOperator.LogicalNot);

    /// <summary>Integers are round.</summary>
    public static Value[] Round(ImportContext context) => context.Input(0).Type is TensorType.Int32 or TensorType.Int64
        ? [context.Input(0)]
        : Import(context, BuiltinOperator.Round);

    public static Value[] Sign(ImportContext context) => Import(context, BuiltinOperator.Sign);

    public static Value[] Sin(ImportContext context) => Import(context, BuiltinOperator.Sin);

    public static Value[] Exp(ImportContext context) => Import(context, BuiltinOperator.Exp);

    public static Value[] Neg(ImportContext context) => Import(context, BuiltinOperator.Neg);

    /// <summary>RELU and RELU6 are for floats.</summary>
    public static Value[] Relu(ImportContext context) => context.Input(0).Type == TensorType.Float32
        ? Import(context, BuiltinOperator.Relu)
        : [context.Emit(BuiltinOperator.Maximum, context.Input(0), new Formula(context).Number(context.Input(0).Type, 0))];

    public static Value[] Relu6(ImportContext context) => context.Input(0).Type == TensorType.Float32
        ? Import(context, BuiltinOperator.Relu6)
        : [context.Emit(BuiltinOperator.Minimum, Relu(context)[0], new Formula(context).Number(context.Input(0).Type, 6))];

    public static Value[] Rsqrt(ImportContext context) => Import(context, BuiltinOperator.Rsqrt);

    public static Value[] Sigmoid(ImportContext context) => Import(context, BuiltinOperator.Logistic);

    public static Value[] Sqrt(ImportContext context) => Import(context, BuiltinOperator.Sqrt);

    public static Value[] Square(ImportContext context) => context.Input(0).Type == TensorType.Float32
        ? Import(context, BuiltinOperator.Square)
        : [context.Emit(BuiltinOperator.Mul, context.Input(0), context.Input(0))];

    public static Value[] Tanh(ImportContext context) => Import(context, BuiltinOperator.Tanh);

    public static Value[] LeakyRelu(ImportContext context) =>
        [context.Emit(BuiltinOperator.LeakyRelu, new LeakyReluOptions { Alpha = context.Node.Attribute("alpha", 0.2f) }, context.Input(0))];

    public static Value[] Gelu(ImportContext context) =>
        [context.Emit(BuiltinOperator.Gelu, new GeluOptions { Approximate = context.Node.Attribute("approximate", false) }, context.Input(0))];

    public static Value[] ZerosLike(ImportContext context) => Import(context, BuiltinOperator.ZerosLike);

    public static Value[] OnesLike(ImportContext context)
    {
        Value shape = context.Emit(BuiltinOperator.Shape, new ShapeOptions { OutType = TensorType.Int32 }, context.Input(0));
        return [context.Emit(BuiltinOperator.Fill, shape, new Formula(context).Number(context.Input(0).Type, 1))];
    }

    private static Value[] Import(ImportContext context, BuiltinOperator code) => [context.Emit(code, context.Input(0))];
}
