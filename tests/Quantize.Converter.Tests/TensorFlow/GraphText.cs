using System.Globalization;
using Google.Protobuf;
using Quantize.Converter.TensorFlow;
using Quantize.Converter.TensorFlow.Protos;

namespace Quantize.Converter.Tests.TensorFlow;

/// <summary>
/// Graphs as text, one node a line: <c>name = Op input other:1 ^control {attribute=value}</c>. <c>x: float[2,-1]</c> is a placeholder, <c>one := 1</c> an int32 scalar,
/// <c>half := 0.5</c> a float32 one, <c>yes := true</c> a bool, <c>v := [1 2]</c> a vector. <c>function f(a, b) -> r=node:output:0</c> begins a function of the nodes below it.
/// </summary>
internal static class GraphText
{
    public static GraphDef Parse(string text)
    {
        var graph = new GraphDef { Library = new FunctionDefLibrary() };
        Action<NodeDef> add = graph.Node.Add;
        foreach (string line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("function ", StringComparison.Ordinal))
            {
                FunctionDef function = Function(line);
                graph.Library.Function.Add(function);
                add = function.NodeDef.Add;
            }
            else
            {
                add(Node(line));
            }
        }

        return graph;
    }

    private static FunctionDef Function(string line)
    {
        string name = line["function ".Length..line.IndexOf('(')];
        string[] arguments = line[(line.IndexOf('(') + 1)..line.IndexOf(')')].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string[] results = line[(line.IndexOf("->", StringComparison.Ordinal) + 2)..].Split(',', StringSplitOptions.TrimEntries);
        return TestGraphs.Function(name, arguments, results);
    }

    private static NodeDef Node(string line)
    {
        if (line.Contains(" := ", StringComparison.Ordinal))
            return Constant(line[..line.IndexOf(' ')], line[(line.IndexOf(":=", StringComparison.Ordinal) + 3)..]);
        if (line.Contains(": ", StringComparison.Ordinal))
            return Placeholder(line[..line.IndexOf(':')], line[(line.IndexOf(':') + 2)..]);
        int brace = line.IndexOf('{');
        string[] words = (brace < 0 ? line : line[..brace]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        NodeDef node = TestGraphs.Node(words[0], words[2], words[3..]);
        foreach (string[] pair in brace < 0 ? [] : line[(brace + 1)..line.IndexOf('}')].Split(' ').Select(pair => pair.Split('=')))
            node.Attr[pair[0]] = Attribute(pair[1]);
        return node;
    }

    private static NodeDef Placeholder(string name, string type)
    {
        int bracket = type.IndexOf('[');
        long[] shape = [.. type[(bracket + 1)..^1].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(number => long.Parse(number, CultureInfo.InvariantCulture))];
        return TestGraphs.Node(name, "Placeholder").With("dtype", Attribute(type[..bracket])).With("shape", new AttrValue { Shape = TestGraphs.Shape(shape) });
    }

    private static NodeDef Constant(string name, string text)
    {
        bool isVector = text.StartsWith('[');
        string[] words = text.Trim('[', ']').Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var tensor = new TensorProto { TensorShape = isVector ? TestGraphs.Shape(words.Length) : TestGraphs.Shape() };
        if (words is ["true" or "false"])
        {
            tensor.Dtype = (int)TfDataType.Bool;
            tensor.BoolVal.Add(words[0] == "true");
        }
        else if (Array.Exists(words, word => word.Contains('.')))
        {
            tensor.Dtype = (int)TfDataType.Float32;
            tensor.FloatVal.AddRange(words.Select(word => float.Parse(word, CultureInfo.InvariantCulture)));
        }
        else
        {
            tensor.Dtype = (int)TfDataType.Int32;
            tensor.IntVal.AddRange(words.Select(word => int.Parse(word, CultureInfo.InvariantCulture)));
        }

        return TestGraphs.Node(name, "Const").With("dtype", TestGraphs.Type(tensor.Dtype)).With("value", new AttrValue { Tensor = tensor });
    }

    private static AttrValue Attribute(string text) => text switch
    {
        "float" => TestGraphs.Type((int)TfDataType.Float32),
        "int" => TestGraphs.Type((int)TfDataType.Int32),
        "bool" => TestGraphs.Type((int)TfDataType.Bool),
        "string" => TestGraphs.Type((int)TfDataType.String),
        "true" or "false" => new AttrValue { B = text == "true" },
        _ when text.Contains('|') => Branches(text.Split('|')),
        _ when text.StartsWith('@') => TestGraphs.Function(text[1..]),
        _ when long.TryParse(text, CultureInfo.InvariantCulture, out long number) => new AttrValue { I = number },
        _ => new AttrValue { S = ByteString.CopyFromUtf8(text) },
    };

    private static AttrValue Branches(string[] names)
    {
        var list = new AttrValue.Types.ListValue();
        list.Func.AddRange(names.Select(name => new NameAttrList { Name = name.TrimStart('@') }));
        return new AttrValue { List = list };
    }
}
