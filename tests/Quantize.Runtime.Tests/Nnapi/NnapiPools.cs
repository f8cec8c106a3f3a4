using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Runtime.Tests.Nnapi;

/// <summary>Pools: padding, strides (width, height), window (width, height), activation; then whether channels come first.</summary>
internal static class NnapiPools
{
    private const int Stated = 7;

    public static void Average(NnapiNode node) => Pool(node, BuiltinOperator.AveragePool2D);

    public static void Max(NnapiNode node) => Pool(node, BuiltinOperator.MaxPool2D);

    public static void L2(NnapiNode node) => Pool(node, BuiltinOperator.L2Pool2D);

    /// <summary>Whether a mean leaves out elements in a way for which TensorFlow Lite has no scheme: over a padded image it would be another one.</summary>
    public static bool HasOtherPadding(NnapiCase test) => Array.Exists(
        test.Operations, operation => operation.Code == "AVERAGE_POOL_2D" && Window(new NnapiNode(new NnapiModel(test, test.Examples[0]), operation)).Explicit.Length > 0);

    private static void Pool(NnapiNode node, BuiltinOperator code)
    {
        int strides = Strides(node);
        bool channelsFirst = node.ChannelsFirst(strides + 5);
        NnapiWindow window = Window(node);
        if (window.Explicit.Length > 0)
            throw new NotSupportedException($"{code} has padding for which TensorFlow Lite has no scheme");
        node.ImageResult(channelsFirst, code, [node.Image(0, channelsFirst)], new Pool2DOptions
        {
            Padding = window.Padding,
            StrideW = node.Int(strides),
            StrideH = node.Int(strides + 1),
            FilterWidth = node.Int(strides + 2),
            FilterHeight = node.Int(strides + 3),
            Activation = node.Activation(strides + 4),
        });
    }

    private static int Strides(NnapiNode node) => node.InputCount == Stated || node.Input(Stated).TensorType == TensorType.Bool ? 2 : 5;

    private static NnapiWindow Window(NnapiNode node)
    {
        int strides = Strides(node);
        int[] image = node.ImageShape(node.Input(0), node.ChannelsFirst(strides + 5));
        return NnapiWindow.Of(node, 1, isExplicit: strides > 2, image, node.Int(strides + 3), node.Int(strides + 2), node.Int(strides + 1), node.Int(strides));
    }
}
