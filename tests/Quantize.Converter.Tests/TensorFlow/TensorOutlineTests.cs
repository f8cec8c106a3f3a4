using System.Runtime.InteropServices;
using Google.Protobuf;
using Quantize.Build;
using Quantize.Converter.TensorFlow;
using Quantize.Converter.TensorFlow.Protos;
using static Quantize.Converter.Tests.TensorFlow.TestGraphs;

namespace Quantize.Converter.Tests.TensorFlow;

/// <summary>Large tensors stay in the file until they are asked for, wherever in it they are.</summary>
public sealed class TensorOutlineTests : IDisposable
{
    private const int Count = 10_000;

    private readonly TemporaryModel _model = new();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void An_outline_is_the_message_without_large_tensors()
    {
        GraphDef graph = Graph([Placeholder("x", 2), Weights("large", Count, 0), Weights("small", 8, 1)], Function("f", ["a"], ["r=w:output:0"], Weights("w", Count, 2)));
        byte[] file = graph.ToByteArray();

        MemoryStream outline = TensorOutline.Of(new MemoryStream(file), MessagePart.Graph);
        Assert.True(outline.Length < 1000, $"the outline has {outline.Length} bytes");
        GraphDef read = GraphDef.Parser.ParseFrom(outline);

        foreach ((NodeDef was, NodeDef now) in graph.Node.Append(graph.Library.Function[0].NodeDef[0]).Zip(read.Node.Append(read.Library.Function[0].NodeDef[0])))
            Restore(was, now, file);
        Assert.Equal(graph, read);
    }

    [Fact]
    public void Large_tensors_have_the_bytes_of_the_file()
    {
        GraphDef graph = Graph([Placeholder("x", Count), Weights("w", Count, 1), Node("y", "AddV2", "x", "w")]);
        TfModel frozen = _model.Read(graph, "y"), saved = _model.Read(SavedModel(graph, ["x"], ["y"]));

        Assert.All([frozen, saved], model => Assert.Equal(Numbers(Count, 1), MemoryMarshal.Cast<byte, float>(Value(model).Bytes.Span).ToArray()));
    }

    [Fact]
    public void A_file_that_is_gone_when_its_weights_are_needed_is_told()
    {
        TfTensor weights = Value(_model.Read(Graph([Placeholder("x", Count), Weights("w", Count, 1), Node("y", "AddV2", "x", "w")]), "y"));
        File.WriteAllText(Path.Combine(_model.Folder, "graph.pb"), "short");

        ConversionException refusal = Assert.Throws<ConversionException>(() => weights.Bytes);
        Assert.Contains("graph.pb", refusal.Message);
        Assert.Contains("the constant of node 'w' cannot be read", refusal.Message);
    }

    [Theory]
    [InlineData(-1, 4 * Count)]
    [InlineData(long.MaxValue, 4 * Count)]
    [InlineData(0, 4 * Count)]
    [InlineData(0, -1)]
    [InlineData(0, long.MinValue)]
    [InlineData(0, 4 + (1L << 32))]
    public void A_file_that_makes_up_a_place_is_refused(long offset, long length)
    {
        NodeDef weights = Weights("w", Count, 1);
        TensorProto tensor = weights.Attr["value"].Tensor;
        (tensor.TensorContent, tensor.ContentOffset, tensor.ContentLength) = (ByteString.Empty, offset, length);

        ModelDiagnostic refusal = TemporaryModel.Refusal(() =>
        {
            TfModel model = _model.Read(Graph([Placeholder("x", Count), weights, Node("y", "AddV2", "x", "w")]), "y");
            _ = Value(model).Bytes;
            return model;
        });
        Assert.Equal("QNT1002", refusal.Entry.Id);
    }

    private static TfTensor Value(TfModel model) => model.Graph.Nodes.Single(node => node.Name == "w").Attribute<TfTensor>("value", null!);

    private static void Restore(NodeDef was, NodeDef now, byte[] file)
    {
        if (!was.Attr.ContainsKey("value") || was.Attr["value"].Tensor.TensorContent.Length < TensorOutline.FewestBytes)
            return;
        TensorProto tensor = now.Attr["value"].Tensor;
        Assert.True(tensor.TensorContent.IsEmpty);
        tensor.TensorContent = ByteString.CopyFrom(file, (int)tensor.ContentOffset, (int)tensor.ContentLength);
        tensor.ContentOffset = tensor.ContentLength = 0;
    }

    private static NodeDef Weights(string name, int count, int seed)
    {
        ByteString bytes = ByteString.CopyFrom(MemoryMarshal.AsBytes(Numbers(count, seed).AsSpan()));
        var tensor = new TensorProto { Dtype = Float, TensorShape = Shape(count), TensorContent = bytes };
        return Node(name, "Const").With("dtype", Type(Float)).With("value", new AttrValue { Tensor = tensor });
    }

    private static float[] Numbers(int count, int seed) => [.. Enumerable.Range(0, count).Select(i => i * 0.5f + seed)];
}
