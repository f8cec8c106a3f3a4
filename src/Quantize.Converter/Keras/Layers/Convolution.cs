using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;
using Quantize.Converter.Keras.Weights;

namespace Quantize.Converter.Keras.Layers;

/// <summary>Convolutions over one, two and three dimensions, depthwise and separable ones among them. One dimension is the second of two.</summary>
internal static class Convolution
{
    public static Value[] One(LayerContext context) => Import(context, 1);

    public static Value[] Two(LayerContext context) => Import(context, 2);

    public static Value[] Three(LayerContext context) => Import(context, 3);

    public static Value[] DepthwiseOne(LayerContext context) => Depthwise(context, 1);

    public static Value[] DepthwiseTwo(LayerContext context) => Depthwise(context, 2);

    public static Value[] SeparableOne(LayerContext context) => Separable(context, 1);

    public static Value[] SeparableTwo(LayerContext context) => Separable(context, 2);

    public static WeightLayout Weights(KerasObject layer) => new(1 + BiasCount(layer));

    public static WeightLayout SeparableWeights(KerasObject layer) => new(2 + BiasCount(layer));

    public static int BiasCount(KerasObject layer) => layer.Config.Flag("use_bias", absent: true) ? 1 : 0;

    private static Value[] Import(LayerContext context, int rank) => ChannelOrder.Last(context, x =>
    {
        int filters = context.Config.Integer("filters"), groups = context.Config.Integer("groups", 1);
        int[] kernel = context.Config.Lengths("kernel_size", rank, 1);
        int channels = context.Length(context.OfRank(x, rank + 2), ^1);
        if (groups < 1 || channels % groups != 0 || filters % groups != 0)
            throw new LayerException($"{channels} channels and {filters} filters do not divide into {groups} groups");
        ConvolutionWindow window = ConvolutionWindow.Of(context, rank);
        Value weights = context.Weight(0, "kernel", [.. kernel, channels / groups, filters]);
        Value convolved = rank == 3 && groups > 1 ? Grouped(context, window, x, weights, groups) : window.Apply(context, rank == 3 ? "Conv3D" : "Conv2D", x, weights);
        return Finish(context, convolved, rank, 1, filters);
    });

    /// <summary>Over three dimensions no builtin has groups: each is a convolution of its own.</summary>
    private static Value Grouped(LayerContext context, ConvolutionWindow window, Value x, Value weights, int groups)
    {
        (string, object) count = ("num_split", (long)groups);
        Value[] channels = context.CallMany("Split", [ConstantData.Scalar($"{context.Name}/channels", 4), x], count);
        Value[] kernels = context.CallMany("Split", [ConstantData.Scalar($"{context.Name}/filters", 4), weights], count);
        return context.Arrange.Concatenate(4, [.. channels.Zip(kernels, (part, kernel) => window.Apply(context, "Conv3D", part, kernel))]);
    }

    private static Value[] Depthwise(LayerContext context, int rank) => ChannelOrder.Last(context, x =>
    {
        (Value convolved, int channels) = DepthwiseProduct(context, x, rank);
        return Finish(context, convolved, rank, 1, channels);
    });

    private static Value[] Separable(LayerContext context, int rank) => ChannelOrder.Last(context, x =>
    {
        (Value convolved, int channels) = DepthwiseProduct(context, x, rank);
        int filters = context.Config.Integer("filters");
        Value pointwise = context.Weight(1, "pointwise_kernel", [.. Enumerable.Repeat(1, rank), channels, filters]);
        return Finish(context, ConvolutionWindow.Plain(rank).Apply(context, "Conv2D", convolved, pointwise), rank, 2, filters);
    });

    private static (Value Convolved, int Channels) DepthwiseProduct(LayerContext context, Value x, int rank)
    {
        int multiplier = context.Config.Integer("depth_multiplier", 1), channels = context.Length(context.OfRank(x, rank + 2), ^1);
        int[] kernel = context.Config.Lengths("kernel_size", rank, 1);
        Value weights = context.Weight(0, "depthwise_kernel", [.. kernel, channels, multiplier]);
        return (ConvolutionWindow.Of(context, rank).Apply(context, "DepthwiseConv2dNative", x, weights), checked(channels * multiplier));
    }

    private static Value Finish(LayerContext context, Value convolved, int rank, int biasNumber, int filters)
    {
        if (context.Config.Flag("use_bias", absent: true))
            convolved = context.Call("BiasAdd", [convolved, context.Weight(biasNumber, "bias", filters)]);
        return ConvolutionWindow.WithoutHeight(context, context.Activation(convolved), rank);
    }
}
