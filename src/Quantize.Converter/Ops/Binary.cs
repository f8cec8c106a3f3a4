using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>Two operands, broadcast to each other.</summary>
internal static class Binary
{
    public static Value[] Add(ImportContext context) => Import(context, BuiltinOperator.Add);

    public static Value[] Sub(ImportContext context) => Import(context, BuiltinOperator.Sub);

    public static Value[] Mul(ImportContext context) => Import(context, BuiltinOperator.Mul);

    public static Value[] Maximum(ImportContext context) => Import(context, BuiltinOperator.Maximum);

    public static Value[] Minimum(ImportContext context) => Import(context, BuiltinOperator.Minimum);

    public static Value[] RealDiv(ImportContext context) => context.Input(0).Type == TensorType.Float32
        ? Import(context, BuiltinOperator.Div)
        : throw context.Refuse($"it divides {context.Input(0).Type}; cast to float32");

    /// <summary>The bias runs along the channels: the last dimension of NHWC, the second of NCHW.</summary>
    public static Value[] BiasAdd(ImportContext context)
    {
        Value bias = context.Input(1);
        if (context.Node.Attribute("data_format", "NHWC") == "NCHW")
        {
            int[] shape = [-1, .. Enumerable.Repeat(1, context.Rank(0) - 2)];
            bias = bias.IsConstant
                ? ConstantData.Reshaped(bias, [bias.Shape[0].Value, .. shape[1..]])
                : context.Emit(BuiltinOperator.Reshape, new ReshapeOptions(), bias, ConstantData.Of($"{context.Node.Name}/shape", shape));
        }

        return [context.Emit(BuiltinOperator.Add, context.Input(0), bias)];
    }

    private static Value[] Import(ImportContext context, BuiltinOperator code) => [context.Emit(code, context.Input(0), context.Input(1))];
}
