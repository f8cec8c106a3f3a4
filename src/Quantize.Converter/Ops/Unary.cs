using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Ops;

/// <summary>One element in, one element out, without options.</summary>
internal static class Unary
{
    public static Value[] Exp(ImportContext context) => Import(context, BuiltinOperator.Exp);

    public static Value[] Neg(ImportContext context) => Import(context, BuiltinOperator.Neg);

    public static Value[] Relu(ImportContext context) => Import(context, BuiltinOperator.Relu);

    public static Value[] Relu6(ImportContext context) => Import(context, BuiltinOperator.Relu6);

    public static Value[] Rsqrt(ImportContext context) => Import(context, BuiltinOperator.Rsqrt);

    public static Value[] Sigmoid(ImportContext context) => Import(context, BuiltinOperator.Logistic);

    public static Value[] Sqrt(ImportContext context) => Import(context, BuiltinOperator.Sqrt);

    public static Value[] Square(ImportContext context) => Import(context, BuiltinOperator.Square);

    public static Value[] Tanh(ImportContext context) => Import(context, BuiltinOperator.Tanh);

    private static Value[] Import(ImportContext context, BuiltinOperator code) => [context.Emit(code, context.Input(0))];
}
