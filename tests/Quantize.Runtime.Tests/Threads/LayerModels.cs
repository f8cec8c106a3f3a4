using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Tests.Models;

namespace Quantize.Runtime.Tests.Threads;

/// <summary>Layers that are worth cutting, with sizes that no cut suits.</summary>
internal static class LayerModels
{
    public static IReadOnlyDictionary<string, Func<bool, SubgraphBuilder>> All { get; } = new Dictionary<string, Func<bool, SubgraphBuilder>>
    {
        ["convolution by rows, padded"] = quantized => Convolution(quantized, 1, 41, 43, 23, 37, 3, groups: 1),
        ["convolution by rows, not padded"] = quantized => Convolution(quantized, 1, 41, 43, 23, 37, 1, groups: 1),
        ["convolution by outputs"] = quantized => Convolution(quantized, 1, 7, 7, 320, 517, 1, groups: 1),
        ["convolution in groups"] = quantized => Convolution(quantized, 2, 31, 29, 24, 46, 3, groups: 2),
        ["convolution of fewer items than threads"] = quantized => Convolution(quantized, 3, 31, 33, 23, 37, 3, groups: 1),
        ["convolution of many items"] = quantized => Convolution(quantized, 11, 19, 21, 23, 37, 3, groups: 1),
        ["convolution by tiles"] = quantized => Convolution(quantized, 2, 61, 59, 32, 48, 3, groups: 1),
        ["depthwise convolution"] = _ => Depthwise(2, 57, 55, 37, 1),
        ["depthwise convolution with a multiplier"] = _ => Depthwise(1, 57, 55, 19, 3),
        ["dense layer, one row"] = quantized => Dense(quantized, 1, 1501, 1103),
        ["dense layer, a few rows"] = quantized => Dense(quantized, 7, 701, 1103),
        ["dense layer, many rows"] = quantized => Dense(quantized, 401, 129, 67),
        ["greatest of windows"] = _ => Pool(BuiltinOperator.MaxPool2D),
        ["average of windows"] = _ => Pool(BuiltinOperator.AveragePool2D),
        ["sum of two tensors"] = _ => Sum([3, 61, 67, 29], [3, 61, 67, 29]),
        ["sum with a row"] = _ => Sum([3, 61, 67, 29], [29]),
        ["sum with a column"] = _ => Sum([3, 61, 67, 29], [3, 61, 67, 1]),
        ["function of elements"] = _ => Logistic(),
    };

    /// <summary>Those with weights that can have 8 bits.</summary>
    public static IEnumerable<string> WithWeights => All.Keys.Where(name => name.StartsWith("convolution", StringComparison.Ordinal) || name.StartsWith("dense", StringComparison.Ordinal));

    public static byte[] Of(string name, bool quantized) => ModelWriter.Write(All[name](quantized));

    /// <summary>Values that are different everywhere, of either sign.</summary>
    public static float[] Values(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2 - 1)];
    }

    private static int Weights(SubgraphBuilder graph, bool quantized, params int[] shape)
    {
        float[] values = Values(shape.Aggregate((product, dimension) => product * dimension), 1);
        return quantized
            ? graph.Codes([.. values.Select(value => (sbyte)(value * 127))], [.. Enumerable.Range(0, shape[0]).Select(output => (1 + output % 5) / 127f)], shape)
            : graph.Constant(TensorType.Float32, values, shape);
    }

    private static SubgraphBuilder Convolution(bool quantized, int batch, int height, int width, int channels, int outputs, int size, int groups)
    {
        var graph = new SubgraphBuilder("main");
        int depth = channels / groups;
        int input = graph.Input("x", TensorType.Float32, batch, height, width, channels);
        int filter = Weights(graph, quantized, outputs, size, size, depth), bias = graph.Constant(TensorType.Float32, Values(outputs, 2), outputs);
        var options = new Conv2DOptions { Padding = Padding.Same, StrideW = 1, StrideH = 1, Activation = ActivationFunction.Relu };
        return graph.Return(graph.Call(BuiltinOperator.Conv2D, [input, filter, bias], "y", TensorType.Float32, [batch, height, width, outputs], options));
    }

    private static SubgraphBuilder Depthwise(int batch, int height, int width, int channels, int multiplier)
    {
        var graph = new SubgraphBuilder("main");
        int outputs = channels * multiplier;
        int input = graph.Input("x", TensorType.Float32, batch, height, width, channels);
        int filter = graph.Constant(TensorType.Float32, Values(9 * outputs, 1), 1, 3, 3, outputs), bias = graph.Constant(TensorType.Float32, Values(outputs, 2), outputs);
        var options = new DepthwiseConv2DOptions { Padding = Padding.Same, StrideW = 1, StrideH = 1, DepthMultiplier = multiplier };
        return graph.Return(graph.Call(BuiltinOperator.DepthwiseConv2D, [input, filter, bias], "y", TensorType.Float32, [batch, height, width, outputs], options));
    }

    private static SubgraphBuilder Dense(bool quantized, int rows, int depth, int outputs)
    {
        var graph = new SubgraphBuilder("main");
        int input = graph.Input("x", TensorType.Float32, rows, depth);
        int weights = Weights(graph, quantized, outputs, depth), bias = graph.Constant(TensorType.Float32, Values(outputs, 2), outputs);
        return graph.Return(graph.Call(BuiltinOperator.FullyConnected, [input, weights, bias], "y", TensorType.Float32, [rows, outputs], new FullyConnectedOptions()));
    }

    private static SubgraphBuilder Pool(BuiltinOperator code)
    {
        var graph = new SubgraphBuilder("main");
        int input = graph.Input("x", TensorType.Float32, 2, 61, 63, 37);
        var options = new Pool2DOptions { Padding = Padding.Same, StrideW = 1, StrideH = 1, FilterWidth = 3, FilterHeight = 3 };
        return graph.Return(graph.Call(code, [input], "y", TensorType.Float32, [2, 61, 63, 37], options));
    }

    private static SubgraphBuilder Sum(int[] a, int[] b)
    {
        var graph = new SubgraphBuilder("main");
        int input = graph.Input("x", TensorType.Float32, a), other = graph.Input("z", TensorType.Float32, b);
        return graph.Return(graph.Call(BuiltinOperator.Add, [input, other], "y", TensorType.Float32, a, new AddOptions()));
    }

    private static SubgraphBuilder Logistic()
    {
        var graph = new SubgraphBuilder("main");
        int input = graph.Input("x", TensorType.Float32, 3, 61, 67, 29);
        return graph.Return(graph.Call(BuiltinOperator.Logistic, [input], "y", TensorType.Float32, [3, 61, 67, 29]));
    }
}
