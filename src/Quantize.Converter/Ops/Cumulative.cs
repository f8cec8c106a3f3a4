using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Ops;

/// <summary>Sums and products of all elements so far along an axis.</summary>
internal static class Cumulative
{
    /// <summary>Narrow integers run in 32 bits: the low bits of a wider sum are the narrow one's.</summary>
    public static Value[] Sum(ImportContext context)
    {
        var formula = new Formula(context);
        Value input = context.Input(0);
        TensorType type = input.Type is TensorType.Float32 or TensorType.Int32 or TensorType.Int64 ? input.Type : TensorType.Int32;
        var options = new CumsumOptions { Exclusive = context.Node.Attribute("exclusive", false), Reverse = context.Node.Attribute("reverse", false) };
        Value axis = ConstantData.Scalar($"{context.Node.Name}/axis", context.Integer(1));
        return [formula.Cast(context.Emit(BuiltinOperator.Cumsum, options, formula.Cast(input, type), axis), input.Type)];
    }

    /// <summary>TFLite has no running product: each step multiplies with the tensor moved by 1, 2, 4, ... places, ones flowing in.</summary>
    public static Value[] Product(ImportContext context)
    {
        int rank = context.Rank(0), axis = context.Integer(1);
        axis = axis < 0 ? axis + rank : axis;
        Dimension length = context.Input(0).Shape[axis];
        if (!length.IsKnown)
            throw context.Refuse($"the running product along an open dimension is not supported; fix dimension {axis}");
        bool reverse = context.Node.Attribute("reverse", false);
        Value product = context.Input(0);
        if (context.Node.Attribute("exclusive", false) && length.Value > 0)
            product = Moved(context, product, axis, 1, reverse);
        for (int step = 1; step < length.Value; step *= 2)
            product = context.Emit(BuiltinOperator.Mul, product, Moved(context, product, axis, step, reverse));
        return [product];
    }

    private static Value Moved(ImportContext context, Value value, int axis, int step, bool reverse)
    {
        int rank = value.Shape.Rank;
        int[] begin = new int[rank], size = [.. Enumerable.Repeat(-1, rank)], widths = new int[2 * rank];
        begin[axis] = reverse ? step : 0;
        size[axis] = value.Shape[axis].Value - step;
        widths[2 * axis + (reverse ? 1 : 0)] = step;
        string name = context.Node.Name;
        Value kept = context.Emit(BuiltinOperator.Slice, value, ConstantData.Of($"{name}/begin", begin), ConstantData.Of($"{name}/size", size));
        Value padding = ConstantData.Reshaped(ConstantData.Of($"{name}/widths", widths), rank, 2);
        return context.Emit(BuiltinOperator.Padv2, kept, padding, new Formula(context).Number(value.Type, 1));
    }
}
