using Quantize.Build;
using Quantize.Converter.Graphs;
using Quantize.Converter.Ops;
using Quantize.Converter.TensorFlow;

namespace Quantize.Converter.Tests.Ops;

public sealed class ImportTests
{
    private readonly TfGraphBuilder _builder = new();

    [Fact]
    public void Identities_vanish_and_dropout_with_them()
    {
        TfEdge x = _builder.Input("x", -1, 4);
        TfEdge dropped = _builder.Node("dropout/Identity", "Identity", [_builder.Node("stop", "StopGradient", [x])]);
        AssertImports(
            """
            input x: Float32[batch,4]
            y: Float32[batch,4] = Relu(x)
            output y
            """, _builder.Node("y", "Relu", [dropped]));
    }

    [Fact]
    public void A_convolution_gets_its_filter_outputs_first()
    {
        TfEdge filter = _builder.Floats("filter", [1, 2, 1, 2], 1, 2, 3, 4);
        TfEdge conv = _builder.Node("conv", "Conv2D", [_builder.Input("x", -1, 8, 8, 1), filter], ("padding", "VALID"), ("strides", new long[] { 1, 2, 1, 1 }), ("dilations", new long[] { 1, 1, 1, 1 }));
        AssertImports(
            """
            input x: Float32[batch,8,8,1]
            conv: Float32[batch,4,7,2] = Conv2D(x, <1 3 2 4>) {0=Valid 1=1 2=2}
            output conv
            """, conv);
    }

    [Fact]
    public void Explicit_padding_becomes_a_pad()
    {
        TfEdge filter = _builder.Floats("filter", [1, 1, 1, 1], 1);
        TfEdge conv = _builder.Node(
            "conv", "Conv2D", [_builder.Input("x", 1, 2, 2, 1), filter], ("padding", "EXPLICIT"), ("explicit_paddings", new long[] { 0, 0, 1, 2, 3, 4, 0, 0 }), ("strides", new long[] { 1, 1, 1, 1 }));
        AssertImports(
            """
            input x: Float32[1,2,2,1]
            conv/Pad: Float32[1,5,9,1] = Pad(x, <0 0 1 2 3 4 0 0>)
            conv: Float32[1,5,9,1] = Conv2D(conv/Pad, <1>) {0=Valid 1=1 2=1}
            output conv
            """, conv);
    }

    [Fact]
    public void A_depthwise_filter_is_flattened()
    {
        TfEdge filter = _builder.Floats("filter", [1, 1, 2, 2], 1, 2, 3, 4);
        TfEdge depthwise = _builder.Node("dw", "DepthwiseConv2dNative", [_builder.Input("x", -1, 4, 4, 2), filter], ("padding", "SAME"), ("strides", new long[] { 1, 1, 1, 1 }));
        AssertImports(
            """
            input x: Float32[batch,4,4,2]
            dw: Float32[batch,4,4,4] = DepthwiseConv2D(x, <1 2 3 4>) {1=1 2=1 3=2}
            output dw
            """, depthwise);
    }

    [Theory]
    [InlineData(false, "<1 4 2 5 3 6>")]
    [InlineData(true, "<1 2 3 4 5 6>")]
    public void A_product_with_constants_is_fully_connected(bool transposed, string weights)
    {
        TfEdge matrix = _builder.Floats("w", transposed ? [3, 2] : [2, 3], 1, 2, 3, 4, 5, 6);
        TfEdge product = _builder.Node("y", "MatMul", [_builder.Input("x", -1, 2), matrix], ("transpose_b", transposed));
        AssertImports(
            $"""
            input x: Float32[batch,2]
            y: Float32[batch,3] = FullyConnected(x, {weights}, -)
            output y
            """, product);
    }

    [Fact]
    public void Computed_weights_of_constants_are_transposed_by_an_operator()
    {
        TfEdge w = _builder.Node("w", "Mul", [_builder.Floats("a", [2, 1], 1, 2), _builder.Floats("b", [2, 1], 3, 4)]);
        AssertImports(
            """
            input x: Float32[batch,2]
            w: Float32[2,1] = Mul(<1 2>, <3 4>)
            y/Transpose: Float32[1,2] = Transpose(w, <1 0>)
            y: Float32[batch,1] = FullyConnected(x, y/Transpose, -)
            output y
            """, _builder.Node("y", "MatMul", [_builder.Input("x", -1, 2), w]));
    }

    [Fact]
    public void Normalization_is_a_scale_and_a_shift()
    {
        TfEdge[] inputs =
        [
            _builder.Input("x", -1, 2, 2, 1), _builder.Floats("scale", [1], 2), _builder.Floats("offset", [1], 3), _builder.Floats("mean", [1], 4), _builder.Floats("variance", [1], 5),
        ];
        AssertImports(
            """
            input x: Float32[batch,2,2,1]
            bn/Add: Float32[1] = Add(<5>, <0.001>)
            bn/Rsqrt: Float32[1] = Rsqrt(bn/Add)
            bn/Mul: Float32[1] = Mul(bn/Rsqrt, <2>)
            bn/Mul: Float32[1] = Mul(<4>, bn/Mul)
            bn/Sub: Float32[1] = Sub(<3>, bn/Mul)
            bn/Mul: Float32[batch,2,2,1] = Mul(x, bn/Mul)
            bn: Float32[batch,2,2,1] = Add(bn/Mul, bn/Sub)
            output bn
            """, _builder.Node("bn", "FusedBatchNormV3", inputs, ("is_training", false), ("epsilon", 0.001f)));
    }

    [Fact]
    public void Open_dimensions_have_names_and_the_batch_is_one()
    {
        TfEdge sum = _builder.Node("y", "AddV2", [_builder.Input("a", -1, -1, 3), _builder.Input("b:0/x", -1, 1, 3)]);
        Graph graph = Import(_builder.Build(sum)).Graphs[0];
        Assert.Equal("[batch,a_1,3]", graph.Inputs[0].Shape.ToString());
        Assert.Equal("[batch,1,3]", graph.Inputs[1].Shape.ToString());
        Assert.Equal("[batch,a_1,3]", graph.Outputs[0].Shape.ToString());
    }

    [Fact]
    public void A_batch_can_be_fixed()
    {
        TfModel model = _builder.Build(_builder.Node("y", "Relu", [_builder.Input("x", -1, -1)]));
        Assert.Equal("[4,x_1]", ModuleImporter.Import(model, "file", [], batch: 4, signatureOnly: false).Graphs[0].Outputs[0].Shape.ToString());
    }

    [Fact]
    public void All_unsupported_operations_are_told_at_once_in_the_order_of_their_names()
    {
        TfEdge x = _builder.Input("x", -1, 4, 4, 1);
        TfEdge weird = _builder.Node("z_first", "Frobnicate", [x], ("alpha", 0.5f), ("T", TfDataType.Float32));
        TfEdge after = _builder.Node("relu", "Relu", [weird]);
        TfEdge conv = _builder.Node("a_conv", "Conv2D", [after, _builder.Floats("f", [1, 1, 1, 1], 1)], ("data_format", "CHWN"), ("padding", "SAME"));
        var exception = Assert.Throws<ConversionException>(() => Import(_builder.Build(conv)));
        Assert.Equal(
            [
                "file: error QNT1010: Node 'a_conv': the operation Conv2D is not supported (data_format CHWN; export the model with channels last (NHWC))",
                "file: error QNT1010: Node 'z_first': the operation Frobnicate is not supported (attributes T=Float32, alpha=0.5; replace it in the model, or name inputs and outputs that leave it out)",
            ], exception.Diagnostics.Select(diagnostic => diagnostic.ToString()));
    }

    [Fact]
    public void A_signature_is_known_although_an_operation_is_not_supported()
    {
        TfEdge weird = _builder.Node("y", "Frobnicate", [_builder.Input("x", -1, 4)]);
        TfModel model = _builder.Build(weird);
        TfSignature signature = model.Signatures[0];
        signature = signature with { Outputs = [signature.Outputs[0] with { Shape = new TfShape([-1, 7]), Type = TfDataType.Int32 }] };
        Module module = ModuleImporter.Import(model with { Signatures = [signature] }, "file", [], null, signatureOnly: true);
        Assert.Equal("y: Int32[batch,7]", module.Graphs[0].Outputs[0].ToString());
    }

    [Fact]
    public void Shapes_that_contradict_each_other_name_the_node()
    {
        TfEdge sum = _builder.Node("sum", "AddV2", [_builder.Input("x", 2, 3), _builder.Input("y", 2, 4)]);
        var exception = Assert.Throws<ConversionException>(() => Import(_builder.Build(sum)));
        Assert.Contains("QNT1011: Node 'sum': Add cannot broadcast [2,3] with [2,4]", exception.Message);
    }

    [Fact]
    public void A_loop_of_nodes_is_an_error_not_a_hang()
    {
        TfEdge a = _builder.Node("a", "Relu", []);
        TfEdge b = _builder.Node("b", "Relu", [a]);
        a.Node.Inputs.Add(b);
        _builder.Input("x", 1);
        Assert.Throws<ConversionException>(() => Import(_builder.Build(b)));
    }

    [Fact]
    public void An_input_that_is_an_output_gets_a_tensor_of_its_own()
    {
        TfEdge x = _builder.Input("x", -1, 4);
        Graph graph = Import(_builder.Build(_builder.Node("y", "Identity", [x]))).Graphs[0];
        Assert.NotSame(graph.Inputs[0], graph.Outputs[0]);
        Assert.Equal("y", graph.Outputs[0].Name);
    }

    [Fact]
    public void An_input_of_words_is_told_as_an_input_and_tables_with_advice()
    {
        TfEdge words = _builder.Input("words", TfDataType.String, 2);
        TfEdge table = _builder.Node("table", "HashTableV2", [], ("shared_name", "t"), ("container", ""), ("key_dtype", TfDataType.String));
        TfEdge found = _builder.Node("found", "LookupTableFindV2", [table, words]);
        TfEdge other = _builder.Node("svd", "Svd", [found], ("shared_name", "s"), ("container", ""), ("T", TfDataType.Float32));
        string[] messages = [.. Assert.Throws<ConversionException>(() => Import(_builder.Build(other))).Diagnostics.Select(problem => $"{problem.Entry.Id} {problem.Message}")];
        Assert.Equal("QNT1010 QNT1010 QNT1010 QNT1025", string.Join(' ', messages.Select(message => message[..7])));
        Assert.Contains("Node 'found': the operation LookupTableFindV2 is not supported (it looks words or numbers up in a table; ", messages[0]);
        Assert.Contains("(attributes T=Float32; replace it", messages[1]);
        Assert.Contains("The input 'words' has elements of type String, which are not supported; make the tensors behind it inputs with InputArrays", messages[3]);
    }

    [Fact]
    public void Signatures_that_could_be_converted_without_the_others_are_named()
    {
        var builder = new TfGraphBuilder();
        TfEdge x = builder.Input("x", 1, 3), parsed = builder.Node("parsed", "ParseExample", [x]), sound = builder.Node("sound", "Relu", [x]);
        TfModel model = builder.Build(sound);
        TfSignature whole = model.Signatures[0], faulty = whole with { Key = "parse", Outputs = [whole.Outputs[0] with { Edge = parsed }] };
        ModelDiagnostic[] problems = [.. Assert.Throws<ConversionException>(() => Import(model with { Signatures = [faulty, whole] })).Diagnostics];
        Assert.Equal(["QNT1010", "QNT1034"], problems.Select(problem => problem.Entry.Id));
        Assert.Equal(["'serving_default'", "serving_default"], problems[1].Arguments);
        Assert.Equal("QNT1010", Assert.Single(Assert.Throws<ConversionException>(() => Import(model with { Signatures = [faulty] })).Diagnostics).Entry.Id);
    }

    private static Module Import(TfModel model) => ModuleImporter.Import(model, "file", [], null, signatureOnly: false);

    private void AssertImports(string expected, TfEdge output) => Assert.Equal(expected + "\n", GraphPrinter.Print(Import(_builder.Build(output)).Graphs[0]));
}
