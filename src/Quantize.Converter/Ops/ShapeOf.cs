using Quantize.Converter.Graphs;
using Quantize.Converter.TensorFlow;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>What a tensor's shape says of it.</summary>
internal static class ShapeOf
{
    public static Value[] Import(ImportContext context) => [Of(context, context.Input(0))];

    public static Value[] Rank(ImportContext context) => [ConstantData.Scalar(context.Node.Name, context.Rank(0))];

    /// <summary>The shapes of several tensors.</summary>
    public static Value[] All(ImportContext context) => [.. context.Inputs.Select(input => Of(context, input))];

    public static Value[] Size(ImportContext context)
    {
        TensorType type = context.DataType("out_type", TfDataType.Int32);
        if (context.Input(0).Shape is not { IsStatic: true } shape)
            return [context.Emit(BuiltinOperator.ReduceProd, new ReducerOptions(), Of(context, context.Input(0)), ConstantData.Scalar($"{context.Node.Name}/axis", 0))];
        int count = shape.ElementCount.Value;
        return [type == TensorType.Int64
            ? Value.Constant(context.Node.Name, type, [], BitConverter.GetBytes((long)count))
            : ConstantData.Scalar(context.Node.Name, count)];
    }

    private static Value Of(ImportContext context, Value value) =>
        context.Emit(BuiltinOperator.Shape, new ShapeOptions { OutType = context.DataType("out_type", TfDataType.Int32) }, value);
}
