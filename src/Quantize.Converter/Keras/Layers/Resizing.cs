using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;
using Quantize.Converter.Ops;

namespace Quantize.Converter.Keras.Layers;

/// <summary>Layers that give pictures another size.</summary>
internal static class Resizing
{
    public static Value[] UpOne(LayerContext context)
    {
        Value x = context.OfRank(context.X, 3);
        int factor = context.Config.Lengths("size", 1, 2)[0];
        Extent[] shape = Extent.All(x);
        Value wide = Repeated(context, context.Arrange.Reshape(x, shape[0], shape[1], 1, shape[2]), factor, 1);
        return [context.Arrange.Reshape(wide, shape[0], shape[1] * factor, shape[2])];
    }

    public static Value[] UpTwo(LayerContext context) => ChannelOrder.Last(context, x =>
    {
        int[] factors = context.Config.Lengths("size", 2, 2);
        string method = context.Config.Text("interpolation", "nearest");
        return method == "nearest" ? Repeated(context, context.OfRank(x, 4), factors[0], factors[1])
            : method == "bilinear" ? context.Call("ResizeBilinear", [context.OfRank(x, 4), Enlarged(context, x, factors[0], factors[1])], ("half_pixel_centers", true))
            : Resampling.Resize(context, context.OfRank(x, 4), Times(context, x, 1, factors[0]), Times(context, x, 2, factors[1]), method, antialias: false);
    });

    /// <summary>First height and width of all planes, then the depth.</summary>
    public static Value[] UpThree(LayerContext context) => ChannelOrder.Last(context, x =>
    {
        int[] factors = context.Config.Lengths("size", 3, 2);
        Extent[] shape = Extent.All(context.OfRank(x, 5));
        Value planes = Repeated(context, context.Arrange.Reshape(x, shape[0] * shape[1], shape[2], shape[3], shape[4]), factors[1], factors[2]);
        Extent height = shape[2] * factors[1], width = shape[3] * factors[2];
        Value columns = Repeated(context, context.Arrange.Reshape(planes, shape[0], shape[1], height * width, shape[4]), factors[0], 1);
        return context.Arrange.Reshape(columns, shape[0], shape[1] * factors[0], height, width, shape[4]);
    });

    public static Value[] ToSize(LayerContext context) => Pictures(context, x =>
    {
        LayerConfig config = context.Config;
        int height = config.Lengths("height", 1, 0)[0], width = config.Lengths("width", 1, 0)[0];
        if (config.Flag("crop_to_aspect_ratio"))
            x = Cropped(context, x, height, width);
        else if (config.Flag("pad_to_aspect_ratio"))
            x = Padded(context, x, height, width, config.Number("fill_value", 0));
        return Resampling.Resize(context, x, height, width, config.Text("interpolation", "bilinear"), config.Flag("antialias"));
    });

    /// <summary>The middle, where the picture is large enough; else the largest part of that form, made larger.</summary>
    public static Value[] CenterCrop(LayerContext context) => Pictures(context, x =>
    {
        int height = context.Config.Lengths("height", 1, 0)[0], width = context.Config.Lengths("width", 1, 0)[0];
        int spareHeight = context.Length(x, 1) - height, spareWidth = context.Length(x, 2) - width;
        return spareHeight < 0 || spareWidth < 0
            ? Resampling.Resize(context, Cropped(context, x, height, width), height, width, "bilinear", antialias: false)
            : Part(context, x, spareHeight / 2, height, spareWidth / 2, width);
    });

    /// <summary>
    /// Outside training, nothing is random: the largest part of that form in the middle, in the size that is wanted; from Keras 3.8 on, the picture as it is.
    /// </summary>
    public static Value[] RandomCrop(LayerContext context) => context.IsSince(8) ? [context.X] : Pictures(context, x =>
    {
        int height = context.Config.Lengths("height", 1, 0)[0], width = context.Config.Lengths("width", 1, 0)[0];
        return Resampling.Resize(context, Cropped(context, x, height, width), height, width, "bilinear", antialias: false);
    });

    public static Value Cropped(LayerContext context, Value x, int height, int width)
    {
        int fromHeight = context.Length(x, 1), fromWidth = context.Length(x, 2);
        int cropHeight = Math.Max(1, Math.Min(fromHeight, (int)((float)(fromWidth * height) / width)));
        int cropWidth = Math.Max(1, Math.Min(fromWidth, (int)((float)(fromHeight * width) / height)));
        return Part(context, x, (fromHeight - cropHeight) / 2, cropHeight, (fromWidth - cropWidth) / 2, cropWidth);
    }

    public static Value Padded(LayerContext context, Value x, int height, int width, float filling)
    {
        int fromHeight = context.Length(x, 1), fromWidth = context.Length(x, 2);
        int above = (Math.Max(fromHeight, (int)((float)(fromWidth * height) / width)) - fromHeight) / 2;
        int beside = (Math.Max(fromWidth, (int)((float)(fromHeight * width) / height)) - fromWidth) / 2;
        return context.Arrange.Pad(x, context.Number(filling), 0, 0, above, above, beside, beside, 0, 0);
    }

    /// <summary>A picture without a batch gets one meanwhile.</summary>
    private static Value[] Pictures(LayerContext context, Func<Value, Value> import)
    {
        if (context.X.Shape.Rank != 3)
            return ChannelOrder.Last(context, x => import(context.OfRank(x, 4)));
        Value axis = ConstantData.Scalar($"{context.Name}/axis", 0);
        Value x = context.Call("ExpandDims", [context.X, axis]);
        bool isFirst = ChannelOrder.IsFirst(context);
        Value result = import(isFirst ? ChannelOrder.ToLast(context, x) : x);
        return [context.Call("Squeeze", [isFirst ? ChannelOrder.ToFirst(context, result) : result], ("squeeze_dims", (long[])[0]))];
    }

    private static Value Part(LayerContext context, Value x, int top, int height, int left, int width) =>
        context.Call("Slice", [x, context.Arrange.Vector("begin", 0, top, left, 0), context.Arrange.Vector("size", -1, height, width, -1)]);

    private static int Times(LayerContext context, Value x, int axis, int factor) => checked(context.Length(x, axis) * factor);

    /// <summary>Every pixel becomes a block of equal ones.</summary>
    private static Value Repeated(LayerContext context, Value x, int vertically, int horizontally) =>
        context.Call("ResizeNearestNeighbor", [x, Enlarged(context, x, vertically, horizontally)]);

    /// <summary>The size of a picture times the factors; open lengths are computed.</summary>
    private static Value Enlarged(LayerContext context, Value x, int vertically, int horizontally) =>
        context.Arrange.Computed([Extent.Of(x, 1) * vertically, Extent.Of(x, 2) * horizontally]);
}
