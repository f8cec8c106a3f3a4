using System.Globalization;
using Google.Protobuf.Collections;
using Quantize.Build;
using Quantize.Converter.TensorFlow.Protos;

namespace Quantize.Converter.TensorFlow;

/// <summary>The nodes of a main graph, connected: an input is <c>name</c>, <c>name:k</c> or, for order only, <c>^name</c>.</summary>
internal static class GraphDefReader
{
    private const int MostProblems = 20;

    public static TfGraph Read(RepeatedField<NodeDef> definitions, string file)
    {
        var graph = new TfGraph { File = file };
        var byName = new Dictionary<string, TfNode>(definitions.Count, StringComparer.Ordinal);
        var problems = new List<string>();
        foreach (NodeDef definition in definitions)
        {
            var node = new TfNode(definition.Name, definition.Op, AttributeReader.Read(definition.Attr, file, definition.Name));
            graph.Nodes.Add(node);
            if (!byName.TryAdd(definition.Name, node))
                problems.Add($"two nodes have the name '{definition.Name}'");
        }

        for (int i = 0; i < definitions.Count; i++)
            Connect(graph.Nodes[i], definitions[i].Input, byName, problems);
        return problems.Count == 0
            ? graph
            : throw new ConversionException([.. problems.Take(MostProblems).Select(fact => new ModelDiagnostic(DiagnosticTable.ModelDamaged, file, fact))]);
    }

    /// <summary>Splits <c>name:k</c>; the number is 0 where none is written.</summary>
    public static (string Name, int Output) Split(string input)
    {
        int colon = input.LastIndexOf(':');
        return colon > 0 && int.TryParse(input.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int output)
            ? (input[..colon], output)
            : (input, 0);
    }

    private static void Connect(TfNode node, RepeatedField<string> inputs, Dictionary<string, TfNode> byName, List<string> problems)
    {
        foreach (string input in inputs)
        {
            bool control = input.StartsWith('^');
            (string name, int output) = control ? (input[1..], 0) : Split(input);
            if (!byName.TryGetValue(name, out TfNode? source))
                problems.Add($"node '{node.Name}' takes the input '{input}', which no node gives");
            else if (control)
                node.ControlInputs.Add(source);
            else
                node.Inputs.Add(new TfEdge(source, output));
        }
    }
}
