using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Layers;
using Quantize.Converter.Keras.Models;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Keras.Operations;

/// <summary>Functions of pictures, [height, width, channels] or a batch of them.</summary>
internal static class Pictures
{
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

    /// <summary>What is left when a border is cut off: two of border before, size, and border behind are given for each dimension.</summary>
    public static Value[] Crop(OperationCall call) => Bordered(call, (x, axis, before, behind, target) =>
    {
        int length = call.Context.Length(x, axis), size = target ?? length - before - behind, begin = behind > 0 && target is not null ? length - behind - size : before;
        return begin >= 0 && size > 0 && begin + size <= length
            ? call.Context.Arrange.Slice(x, axis, begin, begin + size)
            : throw new LayerException($"it cuts {size} from {begin} on out of a dimension of {length}");
    }, "cropping");

    public static Value[] Pad(OperationCall call) => Bordered(call, (x, axis, before, behind, target) =>
    {
        int[] widths = new int[2 * x.Shape.Rank];
        (int above, int below) = target is not { } size ? (before, behind)
            : behind > 0 ? (size - behind - call.Context.Length(x, axis), behind)
            : (before, size - before - call.Context.Length(x, axis));
        (widths[2 * axis], widths[2 * axis + 1]) = above >= 0 && below >= 0 ? (above, below) : throw new LayerException($"it pads a dimension by {above} and {below}");
        return call.Context.Arrange.Pad(x, widths);
    }, "padding");

    private static Value[] Bordered(OperationCall call, Func<Value, int, int, int, int?, Value> change, string kind)
    {
        Value x = call.Context.AsFloat(call.Operand(0, "images"));
        bool isFirst = call.Text("channels_last", "data_format") == "channels_first";
        int height = x.Shape.Rank - (isFirst ? 2 : 3);
        x = change(x, height, call.Integer(0, $"top_{kind}"), call.Integer(0, $"bottom_{kind}"), Target("target_height"));
        return [change(x, height + 1, call.Integer(0, $"left_{kind}"), call.Integer(0, $"right_{kind}"), Target("target_width"))];

        int? Target(string name) => call.Integer(-1, name) is >= 0 and { } length ? length : null;
    }
}
