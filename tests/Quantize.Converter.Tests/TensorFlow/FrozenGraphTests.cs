using Quantize.Build;
using Quantize.Converter.TensorFlow;
using Quantize.Converter.TensorFlow.Protos;
using static Quantize.Converter.Tests.TensorFlow.TestGraphs;

namespace Quantize.Converter.Tests.TensorFlow;

public sealed class FrozenGraphTests : IDisposable
{
    private readonly TemporaryModel _model = new();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Named_arrays_become_the_signature_in_their_order()
    {
        GraphDef graph = Graph([Placeholder("b", -1, 4), Placeholder("a", 2), Node("sum", "AddV2", "a", "b"), Node("top", "TopKV2", "sum", "a")]);

        TfSignature signature = Read(graph, ["b:0", "a"], ["top:1", "sum"]);

        Assert.Equal("serving_default", signature.Key);
        Assert.Equal(["b", "a"], signature.Inputs.Select(input => input.Key));
        Assert.Equal([-1, 4], signature.Inputs[0].Shape.Dimensions!);
        Assert.Equal(TfDataType.Float32, signature.Inputs[0].Type);
        Assert.Equal(["top:1", "sum"], signature.Outputs.Select(output => output.Key));
        Assert.Equal(1, signature.Outputs[0].Edge.Output);
    }

    [Fact]
    public void Arrays_not_named_are_the_placeholders_and_the_ends()
    {
        GraphDef graph = Graph(
        [
            Placeholder("z"),
            Placeholder("unrelated"),
            Placeholder("a"),
            Const("c", 1),
            Node("or", "PlaceholderWithDefault", "c"),
            Node("sum", "AddV2", "a", "z"),
            Node("scaled", "Mul", "sum", "or"),
            Node("other", "Relu", "a"),
            Node("assert", "Assert", "a"),
            Node("log", "HistogramSummary", "c", "sum"),
            Node("dangling", "Relu", "c"),
            Node("seen", "NoOp", "^scaled"),
        ]);

        TfSignature signature = Read(graph, [], []);

        Assert.Equal(["a", "z"], signature.Inputs.Select(input => input.Key));
        Assert.Equal(["other", "scaled"], signature.Outputs.Select(output => output.Key));
    }

    [Fact]
    public void Results_of_control_flow_that_nobody_takes_are_outputs_only_where_there_is_no_other()
    {
        NodeDef[] branch = [Placeholder("x"), Node("switch", "Switch", "x", "x"), Node("pivot", "Identity", "switch:1")];

        Assert.Equal(["y"], Read(Graph([.. branch, Node("y", "Relu", "switch")]), [], []).Outputs.Select(output => output.Key));
        Assert.Equal(["pivot"], Read(Graph(branch), [], []).Outputs.Select(output => output.Key));
    }

    [Fact]
    public void An_inner_tensor_named_as_input_becomes_a_placeholder_and_what_is_behind_it_falls_away()
    {
        NodeDef decode = Node("decode", "DecodeJpeg", "file");
        NodeDef cast = Node("cast", "Cast", "decode").With("SrcT", Type(4)).With("DstT", Type(Float));
        GraphDef graph = Graph([Placeholder("file"), decode, cast, Node("y", "Relu", "cast", "^decode")]);

        TfModel model = Read(_model.Write(graph), ["cast"], ["y"]);

        TfSignatureTensor input = Assert.Single(model.Signatures[0].Inputs);
        Assert.Equal(["cast", "y"], model.Graph.Nodes.Select(node => node.Name).Order(StringComparer.Ordinal));
        Assert.Equal(("cast", "Placeholder", TfDataType.Float32), (input.Key, input.Edge.Node.Op, input.Type));
        Assert.Null(input.Shape.Dimensions);
    }

    [Fact]
    public void Unknown_arrays_are_told_all_at_once_with_candidates()
    {
        GraphDef graph = Graph([Placeholder("x"), Node("y", "Relu", "x")]);

        ConversionException refusal = Assert.Throws<ConversionException>(() => Read(graph, ["image"], ["Softmax", "y"]));

        Assert.Equal(
            ["InputArrays names 'image', which the graph does not have; candidates: x", "OutputArrays names 'Softmax', which the graph does not have; candidates: y"],
            refusal.Diagnostics.Select(diagnostic => diagnostic.Message));
    }

    [Fact]
    public void A_placeholder_that_InputArrays_forgets_is_told()
    {
        GraphDef graph = Graph([Placeholder("x"), Placeholder("keep_prob"), Node("y", "Mul", "x", "keep_prob")]);

        ModelDiagnostic refusal = Assert.Single(Assert.Throws<ConversionException>(() => Read(graph, ["x"], ["y"])).Diagnostics);

        Assert.Equal("QNT1009", refusal.Entry.Id);
        Assert.Contains("keep_prob, which is not among those named", refusal.Message);
    }

    [Fact]
    public void A_graph_without_placeholders_needs_named_outputs()
    {
        GraphDef graph = Graph([Const("c", 1, 2), Node("y", "Relu", "c")]);

        Assert.Equal("QNT1009", Assert.Single(Assert.Throws<ConversionException>(() => Read(graph, [], [])).Diagnostics).Entry.Id);
        Assert.Empty(Read(graph, [], ["y"]).Inputs);
    }

    [Fact]
    public void Inputs_that_no_node_gives_and_names_used_twice_are_all_told()
    {
        GraphDef graph = Graph([Placeholder("x"), Node("y", "Relu", "nowhere:2"), Node("z", "Relu", "x", "^gone"), Placeholder("x")]);

        ConversionException refusal = Assert.Throws<ConversionException>(() => Read(graph, [], []));

        Assert.Equal(3, refusal.Diagnostics.Count);
        Assert.Contains("'nowhere:2'", refusal.Message);
        Assert.Contains("'^gone'", refusal.Message);
        Assert.Contains("two nodes have the name 'x'", refusal.Message);
    }

    [Fact]
    public void A_variable_in_a_graph_on_its_own_is_not_frozen()
    {
        GraphDef graph = Graph([Placeholder("x"), Node("v", "VariableV2").With("dtype", Type(101)), Node("y", "Add", "x", "v")]);

        ModelDiagnostic refusal = Assert.Single(Assert.Throws<ConversionException>(() => Read(graph, [], [])).Diagnostics);

        Assert.Equal("QNT1020", refusal.Entry.Id);
        Assert.Contains("'v' has no value: the graph is not frozen", refusal.Message);
    }

    [Fact]
    public void A_cycle_is_refused_by_the_names_on_it()
    {
        GraphDef graph = Graph([Placeholder("x"), Node("a", "AddV2", "x", "c"), Node("b", "Relu", "a"), Node("c", "Relu", "b"), Node("y", "Relu", "c")]);

        ModelDiagnostic refusal = Assert.Single(Assert.Throws<ConversionException>(() => Read(graph, [], ["y"])).Diagnostics);

        Assert.Contains("its nodes form a cycle: 'c', 'b', 'a', 'c'", refusal.Message);
    }

    [Fact]
    public void A_TF1_loop_is_no_such_cycle_but_a_While()
    {
        GraphDef graph = Graph(
        [
            Placeholder("x"),
            Node("enter", "Enter", "x"),
            Node("merge", "Merge", "enter", "next"),
            Node("less", "Less", "merge", "merge"),
            Node("cond", "LoopCond", "less"),
            Node("switch", "Switch", "merge", "cond"),
            Node("pivot", "Identity", "switch:1"),
            Const("one", 1),
            Node("add", "AddV2", "pivot", "one"),
            Node("next", "NextIteration", "add"),
            Node("exit", "Exit", "switch"),
            Node("y", "Relu", "exit"),
        ]);
        graph.Node[7].Input.Add("^pivot");

        TfModel model = Read(_model.Write(graph), [], ["y"]);

        List<TfNode> order = model.Graph.TopologicalOrder([model.Signatures[0].Outputs[0].Edge]);
        Assert.Equal(["Placeholder", "While", "Identity", "Relu"], order.Select(node => node.Op));
        TfFunction body = model.Graph.Functions["_body"];
        Assert.Equal(["add"], body.Results.Select(result => result.ToString()));
        Assert.Contains(body.Body.Nodes, node => node.Name == "one");
    }

    [Fact]
    public void A_chain_of_a_hundred_thousand_nodes_is_ordered_without_a_deep_stack()
    {
        NodeDef[] nodes = [Placeholder("n0"), .. Enumerable.Range(1, 100_000).Select(i => Node($"n{i}", "Identity", $"n{i - 1}"))];

        TfModel model = Read(_model.Write(Graph(nodes)), [], []);

        Assert.Equal(100_001, model.Graph.TopologicalOrder([model.Signatures[0].Outputs[0].Edge]).Count);
    }

    [Fact]
    public void Attributes_are_read_as_their_kinds()
    {
        var list = new AttrValue { List = new AttrValue.Types.ListValue { I = { 1, 2 } } };
        NodeDef node = Node("y", "Op", "x")
            .With("ref", Type(101))
            .With("unknown", Type(77))
            .With("open", new AttrValue { Shape = Shape(-1, 3) })
            .With("any", new AttrValue { Shape = new TensorShapeProto { UnknownRank = true } })
            .With("list", list)
            .With("empty", new AttrValue { List = new AttrValue.Types.ListValue() })
            .With("text", new AttrValue { S = Google.Protobuf.ByteString.CopyFrom(0xff, 0x41) });

        TfNode read = Assert.Single(Read(_model.Write(Graph([Placeholder("x"), node])), [], ["y"]).Graph.Nodes, other => other.Name == "y");

        Assert.Equal(TfDataType.Float32, read.Attribute("ref", TfDataType.Invalid));
        Assert.Equal(TfDataType.Invalid, read.Attribute("unknown", TfDataType.Int8));
        Assert.Equal([-1, 3], read.Attribute<TfShape?>("open", null)!.Dimensions!);
        Assert.Null(read.Attribute<TfShape?>("any", null)!.Dimensions);
        Assert.Equal([1, 2], read.Attribute<long[]>("list", []));
        Assert.Empty(read.Attribute<long[]>("empty", [9]));
        Assert.Equal("\u00ffA", read.Attribute("text", ""));
    }

    private TfSignature Read(GraphDef graph, string[] inputs, string[] outputs) => Assert.Single(Read(_model.Write(graph), inputs, outputs).Signatures);

    private static TfModel Read(string path, string[] inputs, string[] outputs) =>
        TensorFlowReader.Read(path, new TfReadOptions { InputArrays = inputs, OutputArrays = outputs });

    [Fact]
    public void A_graph_has_the_default_signature_and_no_other()
    {
        string path = _model.Write(Graph([Placeholder("x"), Node("y", "Relu", "x")]));

        Assert.Equal("serving_default", Assert.Single(TensorFlowReader.Read(path, new TfReadOptions { SignatureKey = "serving_default" }).Signatures).Key);
        ModelDiagnostic refusal = TemporaryModel.Refusal(() => TensorFlowReader.Read(path, new TfReadOptions { SignatureKey = "classify" }));
        Assert.Equal("The model has no signature 'classify'; it has: serving_default; set SignatureKey to one of these", refusal.Message);
    }

    [Fact]
    public void Tags_of_a_graph_that_has_none_are_told()
    {
        string path = _model.Write(Graph([Placeholder("x").With("shape", new AttrValue { Shape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dim { Size = 2 } } } }), Node("y", "Relu", "x")]));

        ModelDiagnostic warning = Assert.Single(ModelConverter.Convert(new ConversionRequest { ModelPath = path, Tags = ["serve"] }).Warnings);
        Assert.Equal((DiagnosticTable.OptionWithoutEffect, ModelOption.Tags), (warning.Entry, warning.Option));
    }
}
