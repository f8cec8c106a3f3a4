using System.Buffers.Binary;
using Google.Protobuf;
using Quantize.Converter.TensorFlow.Protos;

namespace Quantize.Package.Tests;

/// <summary>A small frozen graph that the tests write themselves: input <c>x</c> [n, 64], output <c>y</c> = x * weights + bias [n, 32].</summary>
internal static class FrozenGraph
{
    public const int Inputs = 64;
    public const int Outputs = 32;
    private const int Float = 1;

    /// <summary>Weights between -1 and 1 that depend on <paramref name="seed"/>; enough of them that they are quantized.</summary>
    public static byte[] Write(int seed = 1) => Graph(seed).ToByteArray();

    /// <summary>The same as a SavedModel without variables: a folder needs no more than this file.</summary>
    public static byte[] WriteSavedModel(int seed = 1)
    {
        var signature = new SignatureDef { MethodName = "tensorflow/serving/predict" };
        signature.Inputs["x"] = new TensorInfo { Name = "x:0", Dtype = Float, TensorShape = Shape(-1, Inputs) };
        signature.Outputs["y"] = new TensorInfo { Name = "y:0", Dtype = Float, TensorShape = Shape(-1, Outputs) };
        var metaGraph = new MetaGraphDef { GraphDef = Graph(seed), MetaInfoDef = new MetaGraphDef.Types.MetaInfoDef { Tags = { "serve" } } };
        metaGraph.SignatureDef["serving_default"] = signature;
        return new SavedModel { SavedModelSchemaVersion = 1, MetaGraphs = { metaGraph } }.ToByteArray();
    }

    public static float Weight(int seed, int input, int output) => ((input * 7 + output * 13 + seed * 29) % 101 - 50) / 50f;

    public static float Bias(int output) => output / 8f;

    /// <summary>The exact answer.</summary>
    public static float[] Answer(int seed, ReadOnlySpan<float> x)
    {
        var y = new float[Outputs];
        for (int output = 0; output < Outputs; output++)
        {
            y[output] = Bias(output);
            for (int input = 0; input < Inputs; input++)
                y[output] += x[input] * Weight(seed, input, output);
        }

        return y;
    }

    private static GraphDef Graph(int seed)
    {
        var weights = new float[Inputs * Outputs];
        for (int i = 0; i < weights.Length; i++)
            weights[i] = Weight(seed, i / Outputs, i % Outputs);
        var bias = new float[Outputs];
        for (int i = 0; i < bias.Length; i++)
            bias[i] = Bias(i);
        NodeDef x = Node("x", "Placeholder");
        x.Attr["dtype"] = new AttrValue { Type = Float };
        x.Attr["shape"] = new AttrValue { Shape = Shape(-1, Inputs) };
        NodeDef product = Typed(Node("product", "MatMul", "x", "weights"));
        product.Attr["transpose_a"] = new AttrValue { B = false };
        product.Attr["transpose_b"] = new AttrValue { B = false };
        return new GraphDef
        {
            Versions = new VersionDef { Producer = 1882 },
            Node = { x, Constant("weights", weights, Inputs, Outputs), Constant("bias", bias, Outputs), product, Typed(Node("y", "BiasAdd", "product", "bias")) },
        };
    }

    private static NodeDef Constant(string name, float[] values, params long[] shape)
    {
        var bytes = new byte[values.Length * sizeof(float)];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        NodeDef node = Node(name, "Const");
        node.Attr["dtype"] = new AttrValue { Type = Float };
        node.Attr["value"] = new AttrValue { Tensor = new TensorProto { Dtype = Float, TensorShape = Shape(shape), TensorContent = ByteString.CopyFrom(bytes) } };
        return node;
    }

    private static NodeDef Node(string name, string op, params string[] inputs) => new() { Name = name, Op = op, Input = { inputs } };

    private static NodeDef Typed(NodeDef node)
    {
        node.Attr["T"] = new AttrValue { Type = Float };
        return node;
    }

    private static TensorShapeProto Shape(params long[] sizes) => new() { Dim = { sizes.Select(size => new TensorShapeProto.Types.Dim { Size = size }) } };
}
