using System.Runtime.InteropServices;
using Google.Protobuf;
using Quantize.Build;
using Quantize.Converter.TensorFlow;
using Quantize.Converter.TensorFlow.Protos;
using Quantize.Tests;
using static Quantize.Converter.Tests.TensorFlow.TestGraphs;

namespace Quantize.Converter.Tests.TensorFlow;

public sealed class SavedModelReaderTests : IDisposable
{
    private readonly TemporaryModel _model = new();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void A_signature_is_read_without_any_variables_on_disk()
    {
        using TemporaryModel copy = TemporaryModel.CopyOf(Repository.Shared("data", "mnist_model", "saved_model_tf1"));
        Directory.Delete(Path.Combine(copy.Folder, "variables"), recursive: true);

        TfModel model = TensorFlowReader.Read(copy.Folder, new TfReadOptions { SignatureOnly = true });

        Assert.Equal("image", Assert.Single(model.Signatures[1].Inputs).Key);
        TfNode kernel = Assert.Single(model.Graph.Nodes, node => node.Name == "conv2d/kernel");
        Assert.True(kernel.TryAttribute("value", out TfTensor? value));
        Assert.Equal([5, 5, 1, 32], value.Shape);
        Assert.Contains("variables.index", Assert.Throws<ConversionException>(() => value.Bytes).Message);
    }

    [Fact]
    public void A_TF2_signature_is_read_without_any_variables_on_disk()
    {
        using TemporaryModel copy = TemporaryModel.CopyOf(Repository.Shared("data", "tf_ops", "net", "keras_multi_io", "saved_model"));
        Directory.Delete(Path.Combine(copy.Folder, "variables"), recursive: true);

        TfSignature signature = Assert.Single(TensorFlowReader.Read(copy.Folder, new TfReadOptions { SignatureOnly = true }).Signatures);

        Assert.Equal(["in0", "in1"], signature.Inputs.Select(input => input.Key));
        Assert.Equal(["out0", "out1"], signature.Outputs.Select(output => output.Key));
    }

    [Fact]
    public void Without_its_variables_a_model_does_not_load()
    {
        using TemporaryModel copy = TemporaryModel.CopyOf(Repository.Shared("data", "mnist_model", "saved_model_tf1"));
        File.Delete(Path.Combine(copy.Folder, "variables", "variables.data-00000-of-00001"));

        ModelDiagnostic refusal = TemporaryModel.Refusal(() => TensorFlowReader.Read(copy.Folder, new TfReadOptions()));

        Assert.EndsWith("variables.data-00000-of-00001", refusal.File);
        Assert.Contains("missing", refusal.Message);
    }

    [Fact]
    public void The_saved_model_pb_itself_may_be_named()
    {
        string folder = Repository.Shared("data", "tf_ops", "variables", "ref", "saved_model");

        TfModel model = TensorFlowReader.Read(Path.Combine(folder, "saved_model.pb"), new TfReadOptions());

        Assert.Equal(["logits", "probs"], Assert.Single(model.Signatures).Outputs.Select(output => output.Key));
    }

    [Fact]
    public void An_unknown_signature_key_lists_those_there_are()
    {
        string folder = Repository.Shared("data", "tf_ops", "net", "multi_signature", "saved_model");

        ModelDiagnostic refusal = TemporaryModel.Refusal(() => TensorFlowReader.Read(folder, new TfReadOptions { SignatureKey = "predict" }));

        Assert.Equal("QNT1007", refusal.Entry.Id);
        Assert.Contains("'predict'", refusal.Message);
        Assert.Contains("decode, encode, serving_default", refusal.Message);
    }

    [Fact]
    public void Of_several_graphs_the_tags_choose_and_serve_is_the_default()
    {
        SavedModel saved = SavedModel(Graph([Placeholder("x"), Node("y", "Relu", "x")]), ["x"], ["y"]);
        MetaGraphDef training = saved.MetaGraphs[0].Clone();
        training.MetaInfoDef.Tags.Add("train");
        training.SignatureDef["fit"] = training.SignatureDef["serving_default"].Clone();
        saved.MetaGraphs.Insert(0, training);

        Assert.Equal(["serving_default"], _model.Read(saved).Signatures.Select(signature => signature.Key));
        TfModel tagged = _model.Read(saved, new TfReadOptions { Tags = ["train", "serve"] });
        Assert.Equal(["fit", "serving_default"], tagged.Signatures.Select(signature => signature.Key));

        ModelDiagnostic refusal = TemporaryModel.Refusal(() => _model.Read(saved, new TfReadOptions { Tags = ["gpu"] }));
        Assert.Equal("QNT1006", refusal.Entry.Id);
        Assert.Contains("'serve,train'; 'serve'", refusal.Message);
    }

    [Fact]
    public void Initializing_and_training_are_no_signatures()
    {
        SavedModel saved = SavedModel(Graph([Placeholder("x"), Node("y", "Relu", "x"), Node("init", "NoOp")]), ["x"], ["y"]);
        saved.MetaGraphs[0].SignatureDef["__saved_model_init_op"] = Signature([], ["init"]);
        saved.MetaGraphs[0].SignatureDef["__saved_model_train_op"] = Signature([], ["init"]);

        Assert.Equal("serving_default", Assert.Single(_model.Read(saved).Signatures).Key);
    }

    [Fact]
    public void A_sparse_input_is_refused_by_name()
    {
        SavedModel saved = SavedModel(Graph([Placeholder("x"), Node("y", "Relu", "x")]), ["x"], ["y"]);
        saved.MetaGraphs[0].SignatureDef["serving_default"].Inputs["words"] = new TensorInfo { CooSparse = new TensorInfo.Types.CooSparse() };

        ModelDiagnostic refusal = TemporaryModel.Refusal(() => _model.Read(saved));

        Assert.Equal("QNT1022", refusal.Entry.Id);
        Assert.Contains("'words' is a sparse tensor", refusal.Message);
    }

    [Fact]
    public void A_signature_that_feeds_an_inner_tensor_does_not_take_it_from_others()
    {
        SavedModel saved = SavedModel(Graph([Placeholder("x"), Node("inner", "Relu", "x"), Node("y", "Tanh", "inner")]), ["x"], ["y"]);
        saved.MetaGraphs[0].SignatureDef["from_inner"] = Signature(["inner"], ["y"]);

        TfModel model = _model.Read(saved);

        TfSignature inner = model.Signatures[0];
        TfSignature whole = model.Signatures[1];
        Assert.Equal("Placeholder", inner.Inputs[0].Edge.Node.Op);
        Assert.Equal(["inner", "y_1"], Names(model, inner));
        Assert.Equal(["x", "inner_1", "y"], Names(model, whole));
        Assert.Equal(model.Graph.Nodes.Count, model.Graph.Nodes.Select(node => node.Name).Distinct().Count());
    }

    [Fact]
    public void A_variable_that_an_output_writes_stays_with_its_saved_value()
    {
        string folder = Repository.Shared("data", "models", "savedmodel", "serving_saved_model_counter");

        TfModel counting = TensorFlowReader.Read(folder, new TfReadOptions { SignatureKey = "incr_counter" });
        TfModel reading = TensorFlowReader.Read(folder, new TfReadOptions { SignatureKey = "get_counter" });

        TfNode counter = Assert.Single(counting.Graph.Nodes, node => node.Name == "counter");
        Assert.Equal("VariableV2", counter.Op);
        Assert.True(counter.TryAttribute("initial_value", out TfTensor? start));
        Assert.Equal(0f, MemoryMarshal.Read<float>(start.Bytes.Span));
        Assert.Contains(counting.Graph.Nodes, node => node.Op == "AssignAdd");
        Assert.Equal("Const", Assert.Single(reading.Graph.Nodes).Op);
    }

    [Fact]
    public void A_written_resource_keeps_its_reads_in_order_behind_the_write()
    {
        GraphDef graph = Graph(
        [
            Placeholder("x"),
            Handle("v"),
            Handle("w"),
            Node("add", "AssignAddVariableOp", "v", "x"),
            Node("check", "Assert", "x"),
            Node("read", "ReadVariableOp", "v", "^add", "^check"),
            Node("other", "ReadVariableOp", "w", "^check"),
            Node("y", "AddV2", "read", "other"),
        ]);
        new BundleWriter().Floats("v", [2], 1, 2).Floats("w", [2], 3, 4).Write(_model.VariablesPrefix);

        TfModel model = _model.Read(SavedModel(graph, ["x"], ["y"]));

        Dictionary<string, TfNode> nodes = model.Graph.Nodes.ToDictionary(node => node.Name);
        Assert.Equal("VarHandleOp", nodes["v"].Op);
        Assert.True(nodes["v"].Attributes.ContainsKey("initial_value"));
        Assert.Equal("ReadVariableOp", nodes["read"].Op);
        Assert.Equal([nodes["add"]], nodes["read"].ControlInputs);
        Assert.Equal("Const", nodes["w"].Op);
        Assert.Equal("Identity", nodes["other"].Op);
        Assert.Empty(nodes["other"].ControlInputs);
        Assert.False(nodes.ContainsKey("check"));
    }

    [Fact]
    public void Gathers_shapes_and_checks_of_a_variable_read_the_constant()
    {
        GraphDef graph = Graph(
        [
            Placeholder("i"),
            Handle("v"),
            Node("rows", "ResourceGather", "v", "i").With("batch_dims", new AttrValue { I = 1 }),
            Node("points", "ResourceGatherNd", "v", "i"),
            Node("shape", "VariableShape", "v"),
            Node("ready", "VarIsInitializedOp", "v"),
        ]);
        new BundleWriter().Floats("v", [2], 1, 2).Write(_model.VariablesPrefix);

        TfModel model = _model.Read(SavedModel(graph, ["i"], ["rows", "points", "shape", "ready"]));

        Dictionary<string, TfNode> nodes = model.Graph.Nodes.ToDictionary(node => node.Name);
        Assert.Equal(["GatherV2", "GatherNd", "Shape", "Const"], new[] { "rows", "points", "shape", "ready" }.Select(name => nodes[name].Op));
        Assert.Equal(3, nodes["rows"].Inputs.Count);
        Assert.Equal(1, MemoryMarshal.Read<int>(nodes["rows"].Inputs[2].Node.Attribute<TfTensor?>("value", null)!.Bytes.Span));
    }

    [Fact]
    public void Every_variable_without_a_value_is_told()
    {
        GraphDef graph = Graph([Handle("a"), Handle("b"), Handle("c"), Handle("unused"), Read("x", "a"), Read("y", "b"), Read("z", "c")]);
        new BundleWriter().Floats("a", [2], 1, 2).Floats("b", [3], 1, 2, 3).Write(_model.VariablesPrefix);

        ConversionException refusal = Assert.Throws<ConversionException>(() => _model.Read(SavedModel(graph, [], ["x", "y", "z"])));

        Assert.Equal(["QNT1020", "QNT1020"], refusal.Diagnostics.Select(diagnostic => diagnostic.Entry.Id));
        Assert.Contains("'b' has no value: the checkpoint holds it with the shape [3], the graph has [2]", refusal.Diagnostics[0].Message);
        Assert.Contains("'c' has no value", refusal.Diagnostics[1].Message);
    }

    [Fact]
    public void The_restore_operations_tell_the_keys_of_variables_and_of_their_parts()
    {
        GraphDef graph = Graph(
        [
            Handle("v"),
            Handle("part"),
            Texts("file", "prefix"),
            Texts("names", "saved/elsewhere", "whole"),
            Texts("slices", "", "4 1,2"),
            Node("restore", "RestoreV2", "file", "names", "slices"),
            Node("value", "Identity", "restore"),
            Node("assign", "AssignVariableOp", "v", "value"),
            Node("assign_part", "AssignVariableOp", "part", "restore:1"),
            Node("all", "NoOp", "^assign", "^assign_part"),
            Read("x", "v"),
            Read("y", "part"),
        ]);
        new BundleWriter().Floats("saved/elsewhere", [2], 5, 6).Floats("whole", [4], 1, 2, 3, 4).Floats("v", [2], 0, 0).Write(_model.VariablesPrefix);
        SavedModel saved = SavedModel(graph, [], ["x", "y"]);
        saved.MetaGraphs[0].SaverDef = new SaverDef { RestoreOpName = "all" };

        TfModel model = _model.Read(saved);

        Assert.Equal([5, 6], Value(model, "v"));
        Assert.Equal([2, 3], Value(model, "part"));
    }

    [Fact]
    public void Without_a_saver_the_object_graph_tells_the_keys()
    {
        FunctionDef function = Function("serve_1", ["x", "v*"], ["y=read:value:0"], Node("read", "ReadVariableOp", "v").With("dtype", Type(Float)));
        GraphDef graph = Graph([Placeholder("x"), Handle("v"), Call("call", "serve_1", "x", "v")], function);
        var objects = new SavedObjectGraph();
        objects.Nodes.Add(Object(("layer", 2)));
        objects.Nodes.Add(new SavedObject());
        objects.Nodes.Add(Object(("kernel", 3)));
        objects.Nodes.Add(new SavedObject { Variable = new SavedVariable { Name = "v" } });
        objects.ConcreteFunctions["serve_1"] = new SavedConcreteFunction { BoundInputs = { 3 } };
        var trackable = new TrackableObjectGraph();
        trackable.Nodes.Add(new TrackableObjectGraph.Types.TrackableObject { Children = { Child("layer", 1) } });
        trackable.Nodes.Add(new TrackableObjectGraph.Types.TrackableObject { Children = { Child("kernel", 2) } });
        var value = new TrackableObjectGraph.Types.SerializedTensor { Name = "VARIABLE_VALUE", CheckpointKey = "layer/kernel/value" };
        trackable.Nodes.Add(new TrackableObjectGraph.Types.TrackableObject { Attributes = { value } });
        new BundleWriter()
            .Texts("_CHECKPOINTABLE_OBJECT_GRAPH", [], trackable.ToByteArray())
            .Floats("layer/kernel/value", [2], 7, 8)
            .Write(_model.VariablesPrefix);
        SavedModel saved = SavedModel(graph, ["x"], ["y=call:0"]);
        saved.MetaGraphs[0].ObjectGraphDef = objects;

        Assert.Equal([7, 8], Value(_model.Read(saved), "v"));
    }

    [Fact]
    public void An_asset_that_a_needed_table_reads_must_exist()
    {
        GraphDef graph = Graph(
        [
            Placeholder("words"),
            Node("table", "HashTableV2"),
            Texts("asset", "placeholder"),
            Node("fill", "InitializeTableFromTextFileV2", "table", "asset"),
            Node("init", "NoOp", "^fill"),
            Node("ids", "LookupTableFindV2", "table", "words"),
            Node("y", "Relu", "words"),
        ]);
        SavedModel saved = SavedModel(graph, ["words"], ["ids"]);
        saved.MetaGraphs[0].SignatureDef["plain"] = Signature(["words"], ["y"]);
        saved.MetaGraphs[0].SignatureDef["__saved_model_init_op"] = Signature([], ["init"]);
        saved.MetaGraphs[0].AssetFileDef.Add(new AssetFileDef { TensorInfo = new TensorInfo { Name = "asset:0" }, Filename = "vocabulary.txt" });

        ModelDiagnostic refusal = TemporaryModel.Refusal(() => _model.Read(saved));
        Assert.Equal("QNT1023", refusal.Entry.Id);
        Assert.Contains("vocabulary.txt", refusal.Message);
        Assert.NotNull(_model.Read(saved, new TfReadOptions { SignatureKey = "plain" }));

        Directory.CreateDirectory(Path.Combine(_model.Folder, "assets"));
        _model.Write(Path.Combine("assets", "vocabulary.txt"), "one\ntwo\n"u8.ToArray());
        TfNode asset = Assert.Single(_model.Read(saved).Graph.Nodes, node => node.Name == "asset");
        Assert.EndsWith("vocabulary.txt", System.Text.Encoding.UTF8.GetString(asset.Attribute<TfTensor?>("value", null)!.Strings[0]));
    }

    private static NodeDef Read(string name, string variable) => Node(name, "ReadVariableOp", variable).With("dtype", Type(Float));

    private static SavedObject Object(params (string Name, int Id)[] children)
    {
        var value = new SavedObject();
        value.Children.AddRange(children.Select(child => Child(child.Name, child.Id)));
        return value;
    }

    private static ObjectReference Child(string name, int id) => new() { LocalName = name, NodeId = id };

    private static string[] Names(TfModel model, TfSignature signature) =>
        [.. model.Graph.TopologicalOrder(signature.Outputs.Select(output => output.Edge)).Select(node => node.Name)];

    private static float[] Value(TfModel model, string node) => MemoryMarshal.Cast<byte, float>(
        Assert.Single(model.Graph.Nodes, other => other.Name == node).Attribute<TfTensor?>("value", null)!.Bytes.Span).ToArray();

    [Fact]
    public void A_model_without_signatures_is_told_what_it_lacks()
    {
        SavedModel saved = SavedModel(Graph([Placeholder("x"), Node("y", "Relu", "x")]), ["x"], ["y"]);
        saved.MetaGraphs[0].SignatureDef.Clear();

        Assert.Equal("QNT1024", TemporaryModel.Refusal(() => _model.Read(saved)).Entry.Id);
        Assert.Equal(["y"], Assert.Single(_model.Read(saved, new TfReadOptions { OutputArrays = ["y"] }).Signatures).Outputs.Select(output => output.Key));
    }
}
