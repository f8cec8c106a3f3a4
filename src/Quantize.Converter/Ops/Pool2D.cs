using Quantize.Converter.Graphs;
using Quantize.Converter.TensorFlow;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>MAX_POOL_2D and AVERAGE_POOL_2D; pools over volumes are two of them, first over height and width, then over the depth.</summary>
internal static class Pool2D
{
    /// <summary>The window may group neighbouring channels instead of pixels.</summary>
    public static Value[] Max(ImportContext context) =>
        context.Longs("ksize") is [1, 1, 1, > 1 and <= int.MaxValue and long size] ? OverChannels(context, (int)size) : Flat(context, BuiltinOperator.MaxPool2D);

    /// <summary>Window and strides are inputs.</summary>
    public static Value[] MaxV2(ImportContext context)
    {
        TfNode node = context.Node.Copy(context.Node.Name);
        node.Attributes["ksize"] = (long[])[.. context.Integers(1).Select(number => (long)number)];
        node.Attributes["strides"] = (long[])[.. context.Integers(2).Select(number => (long)number)];
        return ChannelsLast.Of(Max)(context.With(node, [context.Input(0)]));
    }

    public static Value[] Average(ImportContext context) => Flat(context, BuiltinOperator.AveragePool2D);

    public static Value[] Max3D(ImportContext context) => Deep(context, BuiltinOperator.MaxPool2D);

    public static Value[] Average3D(ImportContext context) => Deep(context, BuiltinOperator.AveragePool2D);

    private static Value[] Flat(ImportContext context, BuiltinOperator code)
    {
        Window window = Window.Of(context, filling: new Formula(context).Number(float.MinValue));
        int[] kernel = Window.Spatial(context, "ksize", context.Longs("ksize"), 4);
        Value pooled = Pool(context, code, AsFloat(context, window.Input), window.Padding, (kernel[0], kernel[1]), (window.StrideH, window.StrideW));
        return [new Formula(context).Cast(pooled, context.Input(0).Type)];
    }

    /// <summary>Groups of neighbouring channels.</summary>
    private static Value[] OverChannels(ImportContext context, int size)
    {
        Value input = context.OfRank(0, 4);
        long[] strides = context.Longs("strides");
        if (strides is not [1, 1, 1, long stride] || stride != size || input.Shape[3] is not { IsKnown: true } count || count.Value % size != 0)
            throw context.Refuse($"its windows over the channels do not divide them; strides [{string.Join(',', strides)}] for {size} of {input.Shape[3]}");
        var arrangement = new Arrangement(context);
        Extent[] shape = Extent.All(input);
        Value grouped = arrangement.Reshape(input, shape[0], shape[1], shape[2], count.Value / size, size);
        return [context.Emit(BuiltinOperator.ReduceMax, new ReducerOptions(), grouped, arrangement.Vector("axis", 4))];
    }

    private static Value[] Deep(ImportContext context, BuiltinOperator code)
    {
        Window window = Window.Of(context, rank: 5);
        int[] kernel = Window.Spatial(context, "ksize", context.Longs("ksize"), 5), strides = window.Strides;
        var arrangement = new Arrangement(context);
        Extent[] volume = Extent.All(window.Input);
        Value slices = arrangement.Reshape(window.Input, volume[0] * volume[1], volume[2], volume[3], volume[4]);
        Value planes = Pool(context, code, slices, window.Padding, (kernel[1], kernel[2]), (strides[1], strides[2]));
        Extent height = Extent.Of(planes, 1), width = Extent.Of(planes, 2);
        Value columns = arrangement.Reshape(planes, volume[0], volume[1], height * width, volume[4]);
        Value pooled = Pool(context, code, columns, window.Padding, (kernel[0], 1), (strides[0], 1));
        return [arrangement.Reshape(pooled, volume[0], Extent.Of(pooled, 1), height, width, volume[4])];
    }

    private static Value Pool(ImportContext context, BuiltinOperator code, Value input, Padding padding, (int Height, int Width) size, (int Height, int Width) stride)
    {
        var options = new Pool2DOptions
        {
            Padding = padding,
            StrideH = stride.Height,
            StrideW = stride.Width,
            FilterHeight = size.Height,
            FilterWidth = size.Width,
        };
        return context.Emit(code, options, input);
    }

    /// <summary>Small integers are numbers that a float holds exactly.</summary>
    private static Value AsFloat(ImportContext context, Value input) => input.Type is TensorType.Float32 or TensorType.Int8 or TensorType.UInt8 or TensorType.Int16 or TensorType.UInt16
        ? new Formula(context).Cast(input, TensorType.Float32)
        : throw context.Refuse($"it pools {input.Type}; cast to float32");
}
