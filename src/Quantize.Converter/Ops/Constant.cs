using Quantize.Converter.Graphs;
using Quantize.Converter.TensorFlow;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Ops;

/// <summary>Operations whose result is known without a run.</summary>
internal static class Constant
{
    public static Value[] Import(ImportContext context)
    {
        if (!context.Node.TryAttribute("value", out TfTensor? tensor))
            throw context.Refuse("it has no value");
        if (!TensorTypeMap.TryMap(tensor.Type, out TensorType type) || type.Bits() == 0)
            throw context.Refuse($"constants of {tensor.Type} are not supported");
        return [Value.Constant(context.Node.Name, type, tensor.Shape, () => tensor.Bytes)];
    }

    /// <summary>One element everywhere: a constant where the shape is known now, else FILL.</summary>
    public static Value[] Fill(ImportContext context)
    {
        Value element = context.Input(1);
        if (!element.IsConstant || context.Input(0).Elements is not { } elements || elements.Any(dimension => !dimension.IsKnown))
            return [context.Emit(BuiltinOperator.Fill, context.Index(0), element)];
        int[] shape = context.Integers(0);
        return [Value.Constant(context.Node.Name, element.Type, shape, () => Repeat(element.Data.Span, shape))];
    }

    private static byte[] Repeat(ReadOnlySpan<byte> element, int[] shape)
    {
        int count = shape.Aggregate(1, (product, dimension) => checked(product * dimension));
        var bytes = new byte[checked(count * element.Length)];
        for (int at = 0; at < bytes.Length; at += element.Length)
            element.CopyTo(bytes.AsSpan(at));
        return bytes;
    }
}
