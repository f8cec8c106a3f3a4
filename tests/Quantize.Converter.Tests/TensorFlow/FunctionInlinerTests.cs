using Quantize.Build;
using Quantize.Converter.TensorFlow;
using Quantize.Converter.TensorFlow.Protos;
using static Quantize.Converter.Tests.TensorFlow.TestGraphs;

namespace Quantize.Converter.Tests.TensorFlow;

public sealed class FunctionInlinerTests : IDisposable
{
    private readonly TemporaryModel _model = new();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Nested_calls_become_nodes_named_by_their_path()
    {
        TfModel model = _model.Read(
            Graph(
                [Placeholder("x"), Call("call", "outer", "x")],
                Function("outer", ["a"], ["r=inner_call:output:0"], Call("inner_call", "inner", "a")),
                Function("inner", ["b"], ["r=relu:activations:0"], Node("relu", "Relu", "b"))),
            "call");

        Assert.Equal(["x", "call/inner_call/relu", "call/inner_call", "call"], Order(model));
        Assert.Equal(["Placeholder", "Relu", "Identity", "Identity"], model.Graph.TopologicalOrder(Outputs(model)).Select(node => node.Op));
    }

    [Fact]
    public void Each_call_of_one_function_gets_a_body_of_its_own()
    {
        TfModel model = _model.Read(
            Graph([Placeholder("x"), Call("a", "f", "x"), Call("b", "f", "a")], Function("f", ["v"], ["r=relu:activations:0"], Node("relu", "Relu", "v"))),
            "b");

        Assert.Equal(["x", "a/relu", "a", "b/relu", "b"], Order(model));
    }

    [Fact]
    public void Further_results_are_named_like_the_edges_of_the_call()
    {
        TfModel model = _model.Read(
            Graph(
                [Placeholder("x"), Call("call", "f", "x"), Node("sum", "AddV2", "call", "call:1")],
                Function("f", ["v"], ["p=relu:activations:0", "q=tanh:y:0"], Node("relu", "Relu", "v"), Node("tanh", "Tanh", "v"))),
            "sum",
            "call:1");

        Assert.Equal(["call", "call:1"], Named(model, "sum").Inputs.Select(edge => edge.ToString()));
        Assert.Equal("call:1", model.Signatures[0].Outputs[1].Edge.ToString());
        Assert.Equal("call/tanh", Named(model, "call:1").Inputs[0].ToString());
    }

    [Fact]
    public void A_node_whose_operation_is_a_function_is_a_call()
    {
        TfModel model = _model.Read(
            Graph([Placeholder("x"), Node("y", "my_function", "x")], Function("my_function", ["v"], ["r=relu:activations:0"], Node("relu", "Relu", "v"))),
            "y");

        Assert.Equal(["x", "y/relu", "y"], Order(model));
    }

    [Fact]
    public void Attributes_that_ask_the_caller_get_what_the_caller_says()
    {
        NodeDef cast = Node("cast", "Cast", "v").With("DstT", new AttrValue { Placeholder = "T" }).With("Truncate", new AttrValue { Placeholder = "none" });
        NodeDef call = Node("y", "StatefulPartitionedCall", "x").With("f", new AttrValue { Func = new NameAttrList { Name = "f", Attr = { ["T"] = Type(9) } } });

        TfModel model = _model.Read(Graph([Placeholder("x"), call], Function("f", ["v"], ["r=cast:y:0"], cast)), "y");

        TfNode inlined = Named(model, "y/cast");
        Assert.Equal(TfDataType.Int64, inlined.Attribute("DstT", TfDataType.Invalid));
        Assert.False(inlined.Attributes.ContainsKey("Truncate"));
    }

    [Fact]
    public void Outputs_within_a_function_are_found_by_argument()
    {
        NodeDef split = Node("split", "SplitV", "v").With("num_split", new AttrValue { I = 3 });
        NodeDef unique = Node("unique", "UniqueWithCounts", "v");
        NodeDef sparse = Node("sparse", "SparseSplit", "v").With("num_split", new AttrValue { I = 2 });

        TfModel model = _model.Read(
            Graph(
                [Placeholder("x"), Call("y", "f", "x")],
                Function("f", ["v"], ["r=pack:output:0"], split, unique, sparse, Node("pack", "Pack", "split:output:2", "unique:count:0", "sparse:output_values:1", "split:output:0"))),
            "y");

        Assert.Equal(["y/split:2", "y/unique:2", "y/sparse:3", "y/split"], Named(model, "y/pack").Inputs.Select(edge => edge.ToString()));
    }

    [Fact]
    public void The_definitions_a_model_brings_along_go_before_the_table()
    {
        var operations = new OpList();
        operations.Op.Add(new OpDef { Name = "Custom", OutputArg = { new OpDef.Types.ArgDef { Name = "many", TypeListAttr = "Ts" }, new OpDef.Types.ArgDef { Name = "one" } } });
        var types = new AttrValue { List = new AttrValue.Types.ListValue { Type = { 1, 1, 1 } } };
        SavedModel saved = SavedModel(
            Graph([Placeholder("x"), Call("y", "f", "x")], Function("f", ["v"], ["r=custom:one:0"], Node("custom", "Custom", "v").With("Ts", types))),
            ["x"],
            ["y"]);
        saved.MetaGraphs[0].MetaInfoDef.StrippedOpList = operations;

        Assert.Equal("y/custom:3", Named(_model.Read(saved), "y").Inputs[0].ToString());
    }

    [Fact]
    public void A_function_that_calls_itself_is_refused_by_name()
    {
        GraphDef graph = Graph(
            [Placeholder("x"), Call("y", "even", "x")],
            Function("even", ["v"], ["r=call:output:0"], Call("call", "odd", "v")),
            Function("odd", ["v"], ["r=call:output:0"], Call("call", "even", "v")));

        ModelDiagnostic refusal = TemporaryModel.Refusal(() => _model.Read(graph, "y"));

        Assert.Equal("QNT1021", refusal.Entry.Id);
        Assert.Contains("'even'", refusal.Message);
        Assert.Contains("y/call/call", refusal.Message);
    }

    [Fact]
    public void Recursion_through_the_body_of_a_loop_is_refused_too()
    {
        NodeDef loop = Node("loop", "While", "x").With("cond", Function("c")).With("body", Function("b"));
        NodeDef inner = Node("inner", "While", "v").With("cond", Function("c")).With("body", Function("b"));
        GraphDef graph = Graph(
            [Placeholder("x"), loop],
            Function("c", ["v"], ["r=v"]),
            Function("b", ["v"], ["r=inner:output:0"], inner));

        Assert.Equal("QNT1021", TemporaryModel.Refusal(() => _model.Read(graph, "loop")).Entry.Id);
    }

    [Fact]
    public void A_missing_function_and_wrong_argument_counts_are_refused_by_name()
    {
        GraphDef missing = Graph([Placeholder("x"), Call("y", "f", "x")]);
        GraphDef wrong = Graph([Placeholder("x"), Call("y", "f", "x", "x")], Function("f", ["v"], ["r=v"]));

        Assert.Contains("'y' names the function 'f'", TemporaryModel.Refusal(() => _model.Read(missing, "y")).Message);
        Assert.Contains("'y' calls 'f' with 2 of 1 arguments", TemporaryModel.Refusal(() => _model.Read(wrong, "y")).Message);
    }

    [Fact]
    public void A_result_that_the_function_does_not_have_is_refused()
    {
        GraphDef graph = Graph([Placeholder("x"), Call("call", "f", "x"), Node("y", "Relu", "call:3")], Function("f", ["v"], ["r=v"]));

        Assert.Contains("output 3 of the call 'call'", TemporaryModel.Refusal(() => _model.Read(graph, "y")).Message);
    }

    [Fact]
    public void Functions_that_double_at_every_level_are_refused()
    {
        var functions = new List<FunctionDef> { Function("f0", ["v"], ["r=relu:activations:0"], Node("relu", "Relu", "v")) };
        for (int i = 1; i < 60; i++)
            functions.Add(Function($"f{i}", ["v"], ["r=b:output:0"], Call("a", $"f{i - 1}", "v"), Call("b", $"f{i - 1}", "a:output:0")));
        GraphDef definition = Graph([Placeholder("x"), Call("y", "f59", "x")], [.. functions]);
        TfGraph graph = GraphDefReader.Read(definition.Node, "doubling.pb");
        var inliner = new FunctionInliner(graph, new FunctionLibrary(definition.Library, null, "doubling.pb")) { LargestSize = 20_000 };

        ConversionException refusal = Assert.Throws<ConversionException>(() => inliner.Run([new TfEdge(graph.Nodes[1], 0)]));

        Assert.Contains("doubling.pb: error QNT1021", refusal.Message);
        Assert.Contains("hundreds of thousands of nodes", refusal.Message);
    }

    [Fact]
    public void Functions_nested_without_end_are_refused()
    {
        var functions = new List<FunctionDef> { Function("f0", ["v"], ["r=v"]) };
        for (int i = 1; i < 1000; i++)
            functions.Add(Function($"f{i}", ["v"], ["r=a:output:0"], Call("a", $"f{i - 1}", "v")));

        Assert.Contains("nest deeper", TemporaryModel.Refusal(() => _model.Read(Graph([Placeholder("x"), Call("y", "f999", "x")], [.. functions]), "y")).Message);
    }

    [Fact]
    public void A_function_that_nothing_needs_may_be_broken()
    {
        GraphDef graph = Graph(
            [Placeholder("x"), Node("y", "Relu", "x"), Call("unused", "broken", "x")],
            Function("broken", ["v"], ["r=nothing:output:0"]));

        Assert.Equal(["x", "y"], Order(_model.Read(graph, "y")));
    }

    [Fact]
    public void Side_effects_of_a_call_run_before_what_waits_for_it()
    {
        FunctionDef count = Function("count", ["v*", "by"], ["r=by"], Node("add", "AssignAddVariableOp", "v", "by"));
        count.ControlRet["add"] = "add";
        GraphDef graph = Graph([Placeholder("x"), Handle("v"), Call("call", "count", "v", "x"), Node("y", "Relu", "x", "^call")], count);
        new BundleWriter().Floats("v", [2], 1, 2).Write(_model.VariablesPrefix);

        TfModel model = _model.Read(SavedModel(graph, ["x"], ["y"]));

        Assert.Contains("call/add", Order(model));
        Assert.Equal(["call"], Named(model, "y").ControlInputs.Select(node => node.Name));
    }

    [Fact]
    public void Variables_that_a_loop_reads_move_into_its_bodies()
    {
        NodeDef read = Node("read", "ReadVariableOp", "w").With("dtype", Type(Float));
        NodeDef loop = Node("loop", "While", "v", "x", "x").With("cond", Function("c")).With("body", Function("b"));
        GraphDef graph = Graph(
            [Placeholder("x"), Handle("v"), loop, Node("y", "AddV2", "loop:1", "loop:2")],
            Function("c", ["w*", "a", "b"], ["r=a"]),
            Function("b", ["w*", "a", "b"], ["o*=w", "p=add:z:0", "q=b"], read, Node("add", "AddV2", "a", "read:value:0")));
        new BundleWriter().Floats("v", [2], 1, 2).Write(_model.VariablesPrefix);

        TfModel model = _model.Read(SavedModel(graph, ["x"], ["y"]));

        Assert.Equal(["x", "x"], Named(model, "loop").Inputs.Select(edge => edge.ToString()));
        Assert.Equal(["loop", "loop:1"], Named(model, "y").Inputs.Select(edge => edge.ToString()));
        TfFunction body = model.Graph.Functions["b"];
        Assert.Equal(["a", "b"], body.Arguments.Select(argument => argument.Name));
        Assert.Equal(["add", "b"], body.Results.Select(edge => edge.ToString()));
        Assert.Equal("Const", Assert.Single(body.Body.Nodes, node => node.Name == "v").Op);
        Assert.DoesNotContain(model.Graph.Nodes, node => node.Name == "v");
    }

    [Fact]
    public void A_variable_that_a_loop_writes_stays_a_variable_in_its_body()
    {
        NodeDef loop = Node("loop", "While", "v", "x").With("cond", Function("c")).With("body", Function("b"));
        FunctionDef body = Function("b", ["w*", "a"], ["o*=w", "p=a"], Node("add", "AssignAddVariableOp", "w", "a"));
        body.ControlRet["add"] = "add";
        GraphDef graph = Graph([Placeholder("x"), Handle("v"), loop, Node("y", "Relu", "loop:1")], Function("c", ["w*", "a"], ["r=a"]), body);
        new BundleWriter().Floats("v", [2], 1, 2).Write(_model.VariablesPrefix);

        TfFunction read = _model.Read(SavedModel(graph, ["x"], ["y"])).Graph.Functions["b"];

        Assert.Equal(["add"], read.SideEffects.Select(node => node.Name));
        Assert.True(Assert.Single(read.Body.Nodes, node => node.Op == "VarHandleOp").Attributes.ContainsKey("initial_value"));
    }

    [Fact]
    public void Two_loops_over_one_body_get_bodies_of_their_own()
    {
        GraphDef graph = Graph(
            [Placeholder("x"), Loop("first", "x"), Loop("second", "first")],
            Function("c", ["a"], ["r=a"]),
            Function("b", ["a"], ["p=call:output:0"], Call("call", "f", "a")),
            Function("f", ["a"], ["p=relu:activations:0"], Node("relu", "Relu", "a")));

        TfModel model = _model.Read(graph, "second");

        Assert.Equal(["b", "b_1", "c", "c_1"], model.Graph.Functions.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("b_1", Named(model, "first").Attribute<TfFunctionReference?>("body", null)!.Name);
        Assert.Contains(model.Graph.Functions["b"].Body.Nodes, node => node.Name == "call/relu");

        static NodeDef Loop(string name, string input) => Node(name, "While", input).With("cond", Function("c")).With("body", Function("b"));
    }

    [Fact]
    public void The_exported_functions_order_of_arguments_and_results_is_the_signatures()
    {
        FunctionDef wrapper = Function(
            "__inference_signature_wrapper_7",
            ["a", "b", "c"],
            ["output_0=call:output:0", "output_10=call:output:2", "output_2=call:output:1"],
            Call("call", "serve", "c", "a", "b"));
        FunctionDef serve = Function("serve", ["c", "a", "b"], ["p=c", "q=a", "r=b"]);
        SavedModel saved = SavedModel(
            Graph([Placeholder("a"), Placeholder("b"), Placeholder("c"), Call("y", wrapper.Signature.Name, "a", "b", "c")], wrapper, serve),
            ["a", "b", "c"],
            ["output_0=y:0", "output_10=y:1", "output_2=y:2"]);

        TfSignature signature = Assert.Single(_model.Read(saved).Signatures);

        Assert.Equal(["c", "a", "b"], signature.Inputs.Select(input => input.Key));
        Assert.Equal(["output_0", "output_2", "output_10"], signature.Outputs.Select(output => output.Key));
    }

    [Fact]
    public void Without_a_wrapper_keys_stand_in_ordinal_order()
    {
        FunctionDef plain = Function("serve", ["b", "a"], ["z=a", "y=b"]);
        SavedModel saved = SavedModel(
            Graph([Placeholder("a"), Placeholder("b"), Call("call", "serve", "b", "a")], plain),
            ["b", "a"],
            ["z=call:0", "y=call:1"]);

        TfSignature signature = Assert.Single(_model.Read(saved).Signatures);

        Assert.Equal(["a", "b"], signature.Inputs.Select(input => input.Key));
        Assert.Equal(["y", "z"], signature.Outputs.Select(output => output.Key));
    }

    private static string[] Order(TfModel model) => [.. model.Graph.TopologicalOrder(Outputs(model)).Select(node => node.Name)];

    private static IEnumerable<TfEdge> Outputs(TfModel model) => model.Signatures[0].Outputs.Select(output => output.Edge);

    private static TfNode Named(TfModel model, string name) => Assert.Single(model.Graph.Nodes, node => node.Name == name);
}
