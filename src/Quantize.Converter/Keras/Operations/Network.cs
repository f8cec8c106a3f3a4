using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Layers;
using Quantize.Converter.Keras.Models;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Keras.Operations;

/// <summary>Convolutions, pools and categories.</summary>
internal static class Network
{
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

    /// <summary>Which of several categories are there at all.</summary>
    public static Value[] MultiHot(OperationCall call)
    {
        Value hot = OneHot(call)[0];
        return [call.Context.Reduce(BuiltinOperator.ReduceMax, hot, [hot.Shape.Rank > 2 ? 1 : 0], keepDims: false)];
    }

    /// <summary>The number of bounds that are not above each element.</summary>
    public static Value[] Digitize(OperationCall call)
    {
        LayerContext context = call.Context;
        Value wide = context.Call("ExpandDims", [call.Float, ConstantData.Scalar($"{context.Name}/axis", -1)]);
        Value reached = context.Emit(BuiltinOperator.GreaterEqual, wide, context.AsFloat(call.Operand(1, "bins")));
        return [context.Reduce(BuiltinOperator.Sum, context.F.Cast(reached, TensorType.Int32), [-1], keepDims: false)];
    }

    /// <summary>A convolution of any dimensions with a kernel that the file holds.</summary>
    public static Value[] Convolution(OperationCall call) => Convolved(call, (x, rank) =>
    {
        Value kernel = Kernel(call, 1, "kernel");
        if (rank == 3 && x.Shape[^1] != kernel.Shape[^2])
            throw call.Context.Refuse("it convolves groups over three dimensions");
        return Window(call, rank).Apply(call.Context, rank == 3 ? "Conv3D" : "Conv2D", x, kernel);
    });

    public static Value[] Depthwise(OperationCall call) => Convolved(call, (x, rank) => Window(call, rank).Apply(call.Context, "DepthwiseConv2dNative", x, Kernel(call, 1, "kernel")));

    public static Value[] Separable(OperationCall call) => Convolved(call, (x, rank) =>
    {
        Value convolved = Window(call, rank).Apply(call.Context, "DepthwiseConv2dNative", x, Kernel(call, 1, "depthwise_kernel"));
        return ConvolutionWindow.Plain(rank).Apply(call.Context, "Conv2D", convolved, Kernel(call, 2, "pointwise_kernel"));
    });

    private static Value[] Convolved(OperationCall call, Func<Value, int, Value> convolve)
    {
        Value x = call.Float;
        int rank = x.Shape.Rank - 2;
        if (rank is not (1 or 2 or 3))
            throw new LayerException($"its input has {x.Shape.Rank} dimensions");
        bool isFirst = call.Text("channels_last", "data_format") == "channels_first";
        Value convolved = ConvolutionWindow.WithoutHeight(call.Context, convolve(isFirst ? ChannelOrder.ToLast(call.Context, x) : x, rank), rank);
        return [isFirst ? ChannelOrder.ToFirst(call.Context, convolved) : convolved];
    }

    private static ConvolutionWindow Window(OperationCall call, int rank)
    {
        int[] one = [1];
        string padding = call.Text("valid", "padding").ToUpperInvariant();
        return padding is "VALID" or "SAME" or "CAUSAL"
            ? new ConvolutionWindow(Lengths(call, "strides", rank, one), Lengths(call, "dilation_rate", rank, one), padding)
            : throw call.Context.Refuse($"padding '{padding}'");
    }

    private static Value Kernel(OperationCall call, int position, string name)
    {
        Value kernel = call.Context.AsFloat(call.Operand(position, name));
        return kernel.IsConstant ? kernel : throw call.Context.Refuse($"its {name} is computed");
    }

    private static int[] Lengths(OperationCall call, string name, int rank, int[]? absent)
    {
        int[] given = call.Integers(name) ?? absent ?? throw new LayerException($"'{name}' is missing");
        int[] each = given.Length == 1 ? [.. Enumerable.Repeat(given[0], rank)] : given;
        return each.Length == rank && Array.TrueForAll(each, length => length > 0) ? each : throw new LayerException($"'{name}' is [{string.Join(',', given)}]");
    }
}
