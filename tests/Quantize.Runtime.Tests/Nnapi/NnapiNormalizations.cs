using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Tests.Models;

namespace Quantize.Runtime.Tests.Nnapi;

/// <summary>Operations along one axis, which TensorFlow Lite has along the last one: the axes change places before and after.</summary>
internal static class NnapiNormalizations
{
    private static readonly int[] s_spatial = [1, 2];

    public static void Softmax(NnapiNode node) => AlongAxis(node, 2, BuiltinOperator.Softmax, new SoftmaxOptions { Beta = node.Float(1) });

    public static void L2(NnapiNode node) => AlongAxis(node, 1, BuiltinOperator.L2Normalization, new L2NormOptions());

    public static void LocalResponse(NnapiNode node) => AlongAxis(node, 5, BuiltinOperator.LocalResponseNormalization, new LocalResponseNormalizationOptions
    {
        Radius = node.Int(1),
        Bias = node.Float(2),
        Alpha = node.Float(3),
        Beta = node.Float(4),
    });

    /// <summary>With a factor other than 1 the input is multiplied first.</summary>
    public static void LogSoftmax(NnapiNode node)
    {
        int scaled = node.Graph.Call(
            BuiltinOperator.Mul, [node.Tensor(0), node.Graph.Constant(TensorType.Float32, new[] { node.Float(1) })], "scaled", TensorType.Float32, node.Input(0).Shape,
            new MulOptions());
        AlongAxis(node, scaled, node.Axis(2), BuiltinOperator.LogSoftmax, new NoOptions(OptionsType.LogSoftmaxOptions));
    }

    /// <summary>
    /// (x - mean) / sqrt(mean square + epsilon) * gamma + beta over rows and columns, as converters write it. Android's definition says variance; its kernels and expected values
    /// have the mean of the squares.
    /// </summary>
    public static void Instance(NnapiNode node)
    {
        SubgraphBuilder graph = node.Graph;
        bool channelsFirst = node.ChannelsFirst(4);
        int image = node.Image(0, channelsFirst), axes = node.Constant(s_spatial);
        int[] shape = graph.Tensors[image].Shape, one = [shape[0], 1, 1, shape[3]];
        int Call(BuiltinOperator code, int[] inputs, int[] of, OperatorOptions? options = null) =>
            graph.Call(code, inputs, $"t{graph.Tensors.Count}", TensorType.Float32, of, options);
        int Number(float value) => graph.Constant(TensorType.Float32, new[] { value });

        int mean = Call(BuiltinOperator.Mean, [image, axes], one, new ReducerOptions { KeepDims = true });
        int square = Call(BuiltinOperator.Mean, [Call(BuiltinOperator.Square, [image], shape), axes], one, new ReducerOptions { KeepDims = true });
        int factor = Call(BuiltinOperator.Rsqrt, [Call(BuiltinOperator.Add, [square, Number(node.Float(3))], one, new AddOptions())], one);
        int normal = Call(BuiltinOperator.Mul, [Call(BuiltinOperator.Sub, [image, mean], shape, new SubOptions()), factor], shape, new MulOptions());
        int scaled = Call(BuiltinOperator.Mul, [normal, Number(node.Float(1))], shape, new MulOptions());
        node.ImageResult(channelsFirst, BuiltinOperator.Add, [scaled, Number(node.Float(2))], new AddOptions());
    }

    /// <summary>The axis may be left out: it is the last one then.</summary>
    private static void AlongAxis(NnapiNode node, int axisInput, BuiltinOperator code, OperatorOptions options) =>
        AlongAxis(node, node.Tensor(0), axisInput < node.InputCount ? node.Axis(axisInput) : node.Input(0).Shape.Length - 1, code, options);

    private static void AlongAxis(NnapiNode node, int tensor, int axis, BuiltinOperator code, OperatorOptions options)
    {
        int rank = node.Input(0).Shape.Length;
        int[]? swap = NnapiNode.Swap(rank, axis, rank - 1);
        node.PermutedResult(swap, code, [swap is null ? tensor : node.Transposed(tensor, swap)], options);
    }
}
