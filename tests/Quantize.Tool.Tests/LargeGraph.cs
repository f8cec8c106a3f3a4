using System.Runtime.InteropServices;
using Google.Protobuf;
using Quantize.Converter.TensorFlow;
using Quantize.Converter.TensorFlow.Protos;

namespace Quantize.Tool.Tests;

/// <summary>A frozen graph as large as wanted: convolutions with batch normalizations, and dense layers behind them, of random weights.</summary>
internal sealed class LargeGraph
{
    private readonly Random _random = new(1);
    private readonly GraphDef _graph = new();

    public static GraphDef Of(int channels, int blocks, int classes)
    {
        var graph = new LargeGraph();
        string value = graph.Add("Placeholder", "image", [], ("dtype", FloatType), ("shape", new AttrValue { Shape = Shape(1, 8, 8, channels) }));
        for (int block = 0; block < blocks; block++)
            value = graph.Block($"block{block}", value, channels);
        value = graph.Add("Reshape", "flat", [value, graph.Integers("flat/shape", -1, channels)], ("T", FloatType));
        value = graph.Add("MatMul", "dense", [value, graph.Floats("dense/weights", channels, classes)], ("T", FloatType));
        graph.Add("BiasAdd", "scores", [value, graph.Floats("dense/bias", classes)], ("T", FloatType));
        return graph._graph;
    }

    private static AttrValue FloatType => new() { Type = (int)TfDataType.Float32 };

    private string Block(string name, string value, int channels)
    {
        value = Add("Conv2D", $"{name}/conv", [value, Floats($"{name}/weights", 3, 3, channels, channels)], ("T", FloatType), ("strides", Ones), ("padding", Text("SAME")));
        string[] statistics = [.. new[] { "scale", "offset", "mean", "variance" }.Select(statistic => Floats($"{name}/{statistic}", channels))];
        value = Add("FusedBatchNormV3", $"{name}/norm", [value, .. statistics], ("T", FloatType), ("is_training", new AttrValue { B = false }), ("epsilon", new AttrValue { F = 0.001f }));
        return Add("Relu", $"{name}/relu", [value], ("T", FloatType));
    }

    private static AttrValue Ones => new() { List = new AttrValue.Types.ListValue { I = { 1, 1, 1, 1 } } };

    private static AttrValue Text(string text) => new() { S = ByteString.CopyFromUtf8(text) };

    private static TensorShapeProto Shape(params IEnumerable<long> dimensions)
    {
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(dimensions.Select(size => new TensorShapeProto.Types.Dim { Size = size }));
        return shape;
    }

    private string Floats(string name, params long[] shape)
    {
        var numbers = new float[shape.Aggregate(1L, (product, dimension) => product * dimension)];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = _random.NextSingle();
        return Const(name, TfDataType.Float32, Shape(shape), MemoryMarshal.AsBytes(numbers.AsSpan()));
    }

    private string Integers(string name, params int[] numbers) => Const(name, TfDataType.Int32, Shape(numbers.Length), MemoryMarshal.AsBytes(numbers.AsSpan()));

    private string Const(string name, TfDataType type, TensorShapeProto shape, ReadOnlySpan<byte> bytes)
    {
        var tensor = new TensorProto { Dtype = (int)type, TensorShape = shape, TensorContent = ByteString.CopyFrom(bytes) };
        return Add("Const", name, [], ("dtype", new AttrValue { Type = (int)type }), ("value", new AttrValue { Tensor = tensor }));
    }

    private string Add(string op, string name, string[] inputs, params ReadOnlySpan<(string Name, AttrValue Value)> attributes)
    {
        var node = new NodeDef { Name = name, Op = op };
        node.Input.AddRange(inputs);
        foreach ((string attribute, AttrValue value) in attributes)
            node.Attr[attribute] = value;
        _graph.Node.Add(node);
        return name;
    }
}
