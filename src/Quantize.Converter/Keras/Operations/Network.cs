using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Layers;
using Quantize.Converter.Keras.Models;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Keras.Operations;

/// <summary>Products, pools, pictures and categories.</summary>
internal static class Network
{
    public static Value[] MatMul(OperationCall call)
    {
        Value a = call.Context.AsFloat(call.Operand(0, "x1", "a")), b = call.Context.AsFloat(call.Operand(1, "x2", "b"));
        bool transposesA = call.Flag("transpose_a"), transposesB = call.Flag("transpose_b");
        if (a.Shape.Rank == 2 && b.Shape.Rank == 2)
            return [call.Context.Call("MatMul", [a, b], ("transpose_a", transposesA), ("transpose_b", transposesB))];
        if (a.Shape.Rank > 1 && b.Shape.Rank > 1)
            return [call.Context.Call("BatchMatMulV2", [a, b], ("adj_x", transposesA), ("adj_y", transposesB))];
        string left = a.Shape.Rank == 1 ? "k" : "...k", right = b.Shape.Rank == 1 ? "k" : "...kj";
        return [call.Context.Call("Einsum", [a, b], ("equation", $"{left},{right}->{(a.Shape.Rank > 1 || b.Shape.Rank > 2 ? "..." : "")}{(b.Shape.Rank > 1 ? "j" : "")}"))];
    }

    public static Value[] Einsum(OperationCall call)
    {
        LayerContext context = call.Context;
        Value[] operands = [.. context.Inputs.Select(input => input.Value)];
        if (context.PositionalCount > 1)
            operands = [.. Enumerable.Range(0, context.PositionalCount).Select(i => call.OptionalOperand(i)).OfType<Value>()];
        return [context.Call("Einsum", [.. operands.Select(context.AsFloat)], ("equation", call.Text("", "subscripts", "equation")))];
    }

    public static Value[] Outer(OperationCall call) => [call.Context.Call("Einsum", [call.Float, call.Context.AsFloat(call.Operand(1, "x2"))], ("equation", "i,j->ij"))];

    public static Func<OperationCall, Value[]> Pool(string op) => call =>
    {
        LayerContext context = call.Context;
        Value x = call.Float;
        int rank = x.Shape.Rank - 2;
        bool isFirst = call.Text("channels_last", "data_format") == "channels_first";
        int[] size = Lengths(call, "pool_size", rank, null), strides = Lengths(call, "strides", rank, size);
        string name = rank == 3 ? $"{op}3D" : op;
        Value pooled = Pooling.Window(context, isFirst ? ChannelOrder.ToLast(context, x) : x, name, size, strides, call.Text("valid", "padding"));
        return [isFirst ? ChannelOrder.ToFirst(context, pooled) : pooled];
    };

    public static Value[] OneHot(OperationCall call)
    {
        LayerContext context = call.Context;
        Value depth = ConstantData.Scalar($"{context.Name}/depth", call.Integer(0, "num_classes", "depth"));
        Value hot = context.Call("OneHot", [call.Operand(0, "x", "indices"), depth, context.Number(1), context.Number(0)], ("axis", (long)call.Integer(-1, "axis")));
        TensorType type = DataTypes.Of(call.Text("float32", "dtype"));
        return [DataTypes.IsFloat(type) ? hot : context.F.Cast(hot, type)];
    }

    public static Value[] Resize(OperationCall call)
    {
        LayerContext context = call.Context;
        Value x = call.Context.AsFloat(call.Operand(0, "images"));
        int[] size = call.Integers("size") is { Length: 2 } given ? given : throw new LayerException("its size is not two numbers");
        bool isFirst = call.Text("channels_last", "data_format") == "channels_first", isSingle = x.Shape.Rank == 3;
        if (isSingle)
            x = context.Call("ExpandDims", [x, ConstantData.Scalar($"{context.Name}/batch", 0)]);
        x = isFirst ? ChannelOrder.ToLast(context, x) : x;
        if (call.Flag("crop_to_aspect_ratio"))
            x = Resizing.Cropped(context, x, size[0], size[1]);
        else if (call.Flag("pad_to_aspect_ratio"))
            x = Resizing.Padded(context, x, size[0], size[1], call.Number(0, "fill_value"));
        Value resized = Resampling.Resize(context, x, size[0], size[1], call.Text("bilinear", "interpolation", "method"), call.Flag("antialias"));
        resized = isFirst ? ChannelOrder.ToFirst(context, resized) : resized;
        return [isSingle ? context.Call("Squeeze", [resized], ("squeeze_dims", (long[])[0])) : resized];
    }

    /// <summary>Weighted sums of red, green and blue.</summary>
    public static Value[] Gray(OperationCall call)
    {
        LayerContext context = call.Context;
        bool isFirst = call.Text("channels_last", "data_format") == "channels_first";
        Value x = isFirst ? ChannelOrder.ToLast(context, call.Float) : call.Float;
        Value weights = ConstantData.Of($"{context.Name}/weights", [3], [0.2989f, 0.587f, 0.114f]);
        Value gray = context.Reduce(BuiltinOperator.Sum, context.F.Mul(x, weights), [x.Shape.Rank - 1], keepDims: true);
        return [isFirst ? ChannelOrder.ToFirst(context, gray) : gray];
    }

    private static int[] Lengths(OperationCall call, string name, int rank, int[]? absent)
    {
        int[] given = call.Integers(name) ?? absent ?? throw new LayerException($"'{name}' is missing");
        int[] each = given.Length == 1 ? [.. Enumerable.Repeat(given[0], rank)] : given;
        return each.Length == rank && Array.TrueForAll(each, length => length > 0) ? each : throw new LayerException($"'{name}' is [{string.Join(',', given)}]");
    }
}
