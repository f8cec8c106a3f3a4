using Quantize.Converter;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Tests.Models;

namespace Quantize.Runtime.Tests.Threads;

/// <summary>Layers that are worth cutting, with sizes that no cut suits.</summary>
internal static class LayerModels
{
    public static IReadOnlyDictionary<string, Func<SubgraphBuilder>> All { get; } = new Dictionary<string, Func<SubgraphBuilder>>
    {
        ["convolution by rows, padded"] = () => Convolution(1, 41, 43, 23, 37, 3, groups: 1),
        ["convolution by rows, not padded"] = () => Convolution(1, 41, 43, 23, 37, 1, groups: 1),
        ["convolution by outputs"] = () => Convolution(1, 7, 7, 320, 517, 1, groups: 1),
        ["convolution in groups"] = () => Convolution(2, 31, 29, 24, 46, 3, groups: 2),
        ["convolution of fewer items than threads"] = () => Convolution(3, 31, 33, 23, 37, 3, groups: 1),
        ["convolution of many items"] = () => Convolution(11, 19, 21, 23, 37, 3, groups: 1),
        ["convolution by tiles"] = () => Convolution(2, 61, 59, 32, 48, 3, groups: 1),
        ["depthwise convolution"] = () => Depthwise(2, 57, 55, 37, 1),
        ["depthwise convolution with a multiplier"] = () => Depthwise(1, 57, 55, 19, 3),
        ["dense layer, one row"] = () => Dense(1, 1501, 1103),
        ["dense layer, a few rows"] = () => Dense(7, 701, 1103),
        ["dense layer, many rows"] = () => Dense(401, 129, 67),
        ["greatest of windows"] = () => Pool(BuiltinOperator.MaxPool2D),
        ["average of windows"] = () => Pool(BuiltinOperator.AveragePool2D),
        ["sum of two tensors"] = () => Sum([3, 61, 67, 29], [3, 61, 67, 29]),
        ["sum with a row"] = () => Sum([3, 61, 67, 29], [29]),
        ["sum with a column"] = () => Sum([3, 61, 67, 29], [3, 61, 67, 1]),
        ["function of elements"] = Logistic,
    };

    /// <summary>The model with float weights, or with 8-bit weights where they are as many as pay.</summary>
    public static ReadOnlyMemory<byte> Of(string name, bool quantized)
    {
        byte[] model = ModelWriter.Write(All[name]());
        if (!quantized)
            return model;
        string path = Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()}.tflite");
        try
        {
            File.WriteAllBytes(path, model);
            return ModelConverter.Convert(new ConversionRequest { ModelPath = path, Quantization = QuantizationScheme.DynamicRange }).Model;
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Values that are different everywhere, of either sign.</summary>
    public static float[] Values(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2 - 1)];
    }

    private static SubgraphBuilder Convolution(int batch, int height, int width, int channels, int outputs, int size, int groups)
    {
        var graph = new SubgraphBuilder("main");
        int depth = channels / groups;
        int input = graph.Input("x", TensorType.Float32, batch, height, width, channels);
        int filter = graph.Constant(TensorType.Float32, Values(outputs * size * size * depth, 1), outputs, size, size, depth), bias = graph.Constant(TensorType.Float32, Values(outputs, 2), outputs);
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

    private static SubgraphBuilder Dense(int rows, int depth, int outputs)
    {
        var graph = new SubgraphBuilder("main");
        int input = graph.Input("x", TensorType.Float32, rows, depth);
        int weights = graph.Constant(TensorType.Float32, Values(outputs * depth, 1), outputs, depth), bias = graph.Constant(TensorType.Float32, Values(outputs, 2), outputs);
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
