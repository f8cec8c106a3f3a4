using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Runtime.Tests.Nnapi;

/// <summary>Convolutions and dense layers.</summary>
internal static class NnapiConvolutions
{
    private const int FirstOption = 3;

    public static void FullyConnected(NnapiNode node) => node.Result(
        BuiltinOperator.FullyConnected, [node.Tensor(0), node.Tensor(1), node.Tensor(2)], new FullyConnectedOptions { Activation = node.Activation(3) });

    /// <summary>Input, filter, bias, padding, strides (width, height), activation; then whether channels come first, then dilations (width, height).</summary>
    public static void Convolution(NnapiNode node)
    {
        int strides = AfterPadding(node, stated: 7), layout = strides + 3;
        bool channelsFirst = node.ChannelsFirst(layout);
        var options = new Conv2DOptions { StrideW = node.Int(strides), StrideH = node.Int(strides + 1), Activation = node.Activation(strides + 2) };
        (options.DilationW, options.DilationH) = Dilations(node, layout);
        NnapiWindow window = Window(node, strides, channelsFirst, options.StrideW, options.StrideH, options.DilationW, options.DilationH);
        options.Padding = window.Padding;
        Result(node, BuiltinOperator.Conv2D, window, channelsFirst, options);
    }

    /// <summary>Has one more operand before the activation: outputs for each input channel.</summary>
    public static void Depthwise(NnapiNode node)
    {
        int strides = AfterPadding(node, stated: 8), layout = strides + 4;
        bool channelsFirst = node.ChannelsFirst(layout);
        var options = new DepthwiseConv2DOptions
        {
            StrideW = node.Int(strides),
            StrideH = node.Int(strides + 1),
            DepthMultiplier = node.Int(strides + 2),
            Activation = node.Activation(strides + 3),
        };
        (options.DilationW, options.DilationH) = Dilations(node, layout);
        NnapiWindow window = Window(node, strides, channelsFirst, options.StrideW, options.StrideH, options.DilationW, options.DilationH);
        options.Padding = window.Padding;
        Result(node, BuiltinOperator.DepthwiseConv2D, window, channelsFirst, options);
    }

    /// <summary>Padding is one operand where so many follow that the truth value about the layout stands last of them.</summary>
    private static int AfterPadding(NnapiNode node, int stated) =>
        node.InputCount == stated || node.Input(stated).TensorType == TensorType.Bool ? FirstOption + 1 : FirstOption + 4;

    private static (int Width, int Height) Dilations(NnapiNode node, int layout) => layout + 2 < node.InputCount ? (node.Int(layout + 1), node.Int(layout + 2)) : (1, 1);

    private static NnapiWindow Window(NnapiNode node, int strides, bool channelsFirst, int strideWidth, int strideHeight, int dilationWidth, int dilationHeight)
    {
        int[] filter = node.Input(1).Shape;
        int height = (filter[1] - 1) * dilationHeight + 1, width = (filter[2] - 1) * dilationWidth + 1;
        return NnapiWindow.Of(node, FirstOption, isExplicit: strides > FirstOption + 1, node.ImageShape(node.Input(0), channelsFirst), height, width, strideHeight, strideWidth);
    }

    private static void Result(NnapiNode node, BuiltinOperator code, NnapiWindow window, bool channelsFirst, OperatorOptions options)
    {
        int image = window.Padded(node, node.Image(0, channelsFirst));
        if (node.Input(1).TensorType == TensorType.Int8)
            SignedResult(node, code, image, channelsFirst, options);
        else
            node.ImageResult(channelsFirst, code, [image, node.Tensor(1), node.Tensor(2)], options);
    }

    /// <summary>
    /// Filters with a scale for each channel meet signed codes in TensorFlow Lite: QUANTIZE makes them of unsigned ones and back, which moves each code by 128 and loses nothing.
    /// </summary>
    private static void SignedResult(NnapiNode node, BuiltinOperator code, int image, bool channelsFirst, OperatorOptions options)
    {
        int signed = Signed(node, image, node.Graph.Tensors[image].Shape);
        node.Graph.Call(BuiltinOperator.Quantize, [image], [signed]);
        int bias = node.Tensor(2);
        float scale = node.Input(0).Scales[0];
        node.Graph.Tensors[bias] = node.Graph.Tensors[bias] with { Scales = [.. node.Input(1).Scales.Select(filter => filter * scale)] };
        int result = Signed(node, node.Graph.Add(NnapiModel.Written(node.Output(0), "unsigned")), node.ImageShape(node.Output(0), channelsFirst));
        node.Graph.Call(code, [signed, node.Tensor(1), bias], [result], options);
        node.ImageResult(channelsFirst, BuiltinOperator.Quantize, [result]);
    }

    private static int Signed(NnapiNode node, int unsigned, int[] shape)
    {
        int signed = node.Like(unsigned, shape);
        node.Graph.Tensors[signed] = node.Graph.Tensors[signed] with { Type = TensorType.Int8, ZeroPoint = node.Graph.Tensors[unsigned].ZeroPoint - 128 };
        return signed;
    }
}
