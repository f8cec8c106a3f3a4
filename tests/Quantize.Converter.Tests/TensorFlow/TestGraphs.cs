using Google.Protobuf;
using Quantize.Converter.TensorFlow;
using Quantize.Converter.TensorFlow.Protos;

namespace Quantize.Converter.Tests.TensorFlow;

/// <summary>Small graphs, functions and SavedModels written for one test.</summary>
internal static class TestGraphs
{
    public const int Float = (int)TfDataType.Float32;
    public const int Resource = (int)TfDataType.Resource;

    public static NodeDef Node(string name, string op, params string[] inputs)
    {
        var node = new NodeDef { Name = name, Op = op };
        node.Input.AddRange(inputs);
        return node;
    }

    public static NodeDef With(this NodeDef node, string attribute, AttrValue value)
    {
        node.Attr[attribute] = value;
        return node;
    }

    public static NodeDef Placeholder(string name, params long[] shape) =>
        Node(name, "Placeholder").With("dtype", Type(Float)).With("shape", new AttrValue { Shape = Shape(shape) });

    public static NodeDef Const(string name, params float[] values)
    {
        var tensor = new TensorProto { Dtype = Float, TensorShape = Shape(values.Length) };
        tensor.FloatVal.AddRange(values);
        return Node(name, "Const").With("dtype", Type(Float)).With("value", new AttrValue { Tensor = tensor });
    }

    public static NodeDef Texts(string name, params string[] values)
    {
        var tensor = new TensorProto { Dtype = (int)TfDataType.String, TensorShape = Shape(values.Length) };
        tensor.StringVal.AddRange(values.Select(ByteString.CopyFromUtf8));
        return Node(name, "Const").With("dtype", Type((int)TfDataType.String)).With("value", new AttrValue { Tensor = tensor });
    }

    /// <summary>A resource variable of two floats.</summary>
    public static NodeDef Handle(string name) => Node(name, "VarHandleOp")
        .With("dtype", Type(Float))
        .With("shape", new AttrValue { Shape = Shape(2) })
        .With("shared_name", new AttrValue { S = ByteString.CopyFromUtf8(name) });

    public static NodeDef Call(string name, string function, params string[] inputs) => Node(name, "StatefulPartitionedCall", inputs)
        .With("f", new AttrValue { Func = new NameAttrList { Name = function } });

    public static AttrValue Type(int type) => new() { Type = type };

    public static AttrValue Function(string name) => new() { Func = new NameAttrList { Name = name } };

    public static TensorShapeProto Shape(params long[] dimensions)
    {
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(dimensions.Select(size => new TensorShapeProto.Types.Dim { Size = size }));
        return shape;
    }

    /// <summary>A function of float arguments; results are written <c>name=source</c>.</summary>
    public static FunctionDef Function(string name, string[] arguments, string[] results, params NodeDef[] nodes)
    {
        var function = new FunctionDef { Signature = new OpDef { Name = name } };
        foreach (string argument in arguments)
            function.Signature.InputArg.Add(new OpDef.Types.ArgDef { Name = argument.TrimEnd('*'), Type = argument.EndsWith('*') ? Resource : Float });
        foreach (string[] result in results.Select(result => result.Split('=')))
        {
            function.Signature.OutputArg.Add(new OpDef.Types.ArgDef { Name = result[0], Type = result[0].EndsWith('*') ? Resource : Float });
            function.Ret[result[0]] = result[1];
        }

        function.NodeDef.AddRange(nodes);
        return function;
    }

    public static GraphDef Graph(NodeDef[] nodes, params FunctionDef[] functions)
    {
        var graph = new GraphDef { Library = new FunctionDefLibrary() };
        graph.Node.AddRange(nodes);
        graph.Library.Function.AddRange(functions);
        return graph;
    }

    /// <summary>A SavedModel of one graph with one signature, whose keys are the tensors' names.</summary>
    public static SavedModel SavedModel(GraphDef graph, string[] inputs, string[] outputs)
    {
        var meta = new MetaGraphDef { GraphDef = graph, MetaInfoDef = new MetaGraphDef.Types.MetaInfoDef() };
        meta.MetaInfoDef.Tags.Add("serve");
        meta.SignatureDef["serving_default"] = Signature(inputs, outputs);
        var model = new SavedModel { SavedModelSchemaVersion = 1 };
        model.MetaGraphs.Add(meta);
        return model;
    }

    public static SignatureDef Signature(string[] inputs, string[] outputs)
    {
        var signature = new SignatureDef();
        foreach (string[] input in inputs.Select(KeyAndTensor))
            signature.Inputs[input[0]] = new TensorInfo { Name = input[1], Dtype = Float };
        foreach (string[] output in outputs.Select(KeyAndTensor))
            signature.Outputs[output[0]] = new TensorInfo { Name = output[1], Dtype = Float };
        return signature;
    }

    private static string[] KeyAndTensor(string text) => text.Contains('=') ? text.Split('=') : [text, text + ":0"];
}
