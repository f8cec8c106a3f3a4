using Quantize.Converter.Graphs;
using Quantize.Converter.TensorFlow;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Ops;

/// <summary>What a tensor's shape says of it.</summary>
internal static class ShapeOf
{
    public static Value[] Import(ImportContext context) =>
        [context.Emit(BuiltinOperator.Shape, new ShapeOptions { OutType = context.DataType("out_type", TfDataType.Int32) }, context.Input(0))];

    public static Value[] Several(ImportContext context) =>
        [.. context.Inputs.Select(input => context.Emit(BuiltinOperator.Shape, new ShapeOptions { OutType = context.DataType("out_type", TfDataType.Int32) }, input))];

    public static Value[] Rank(ImportContext context) => [ConstantData.Scalar(context.Node.Name, context.Rank(0))];

    public static Value[] Size(ImportContext context)
    {
        TensorType type = context.DataType("out_type", TfDataType.Int32);
        if (context.Input(0).Shape is not { IsStatic: true } shape)
        {
            Value dimensions = context.Emit(BuiltinOperator.Shape, new ShapeOptions { OutType = type }, context.Input(0));
            return [context.Emit(BuiltinOperator.ReduceProd, new ReducerOptions(), dimensions, ConstantData.Of($"{context.Node.Name}/axis", 0))];
        }

        int count = shape.ElementCount.Value;
        return [type == TensorType.Int64
            ? Value.Constant(context.Node.Name, type, [], BitConverter.GetBytes((long)count))
            : ConstantData.Scalar(context.Node.Name, count)];
    }
}
