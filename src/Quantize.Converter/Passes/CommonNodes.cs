using System.Globalization;
using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Passes;

/// <summary>Of two nodes that compute the same of the same, one is enough.</summary>
internal static class CommonNodes
{
    /// <summary>Constants of at most so many bytes are compared; larger ones are the same where they are one.</summary>
    private const int MostComparedBytes = 256;

    public static bool Run(Graph graph)
    {
        var firsts = new Dictionary<string, Node>(StringComparer.Ordinal);
        var numbers = new Dictionary<Value, string>();
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
        {
            if (node.Code == BuiltinOperator.Custom || node.Inputs.Count == 0)
                continue;
            string key = $"{node.Code} {string.Join(' ', node.Outputs.Select(Codes))} {OptionPrinter.Print(node.Options)} {string.Join(',', node.Inputs.Select(input => Key(input, numbers)))}";
            if (firsts.TryAdd(key, node))
                continue;
            changed |= Replace(graph, node, firsts[key]);
        }

        return changed;
    }

    private static bool Replace(Graph graph, Node node, Node first)
    {
        for (int i = 0; i < node.Outputs.Count; i++)
        {
            if (node.Outputs[i].Type != first.Outputs[i].Type || (graph.IsOutput(node.Outputs[i]) && graph.IsOutput(first.Outputs[i])))
                return false;
        }

        for (int i = 0; i < node.Outputs.Count; i++)
        {
            if (graph.IsOutput(node.Outputs[i]))
                first.Outputs[i].Name = node.Outputs[i].Name;
            graph.ReplaceUses(node.Outputs[i], first.Outputs[i]);
        }

        graph.Remove(node);
        return true;
    }

    /// <summary>How an output is quantized is told by nothing but the output itself.</summary>
    private static string Codes(Value output) => output.Quantization is { } codes
        ? string.Create(CultureInfo.InvariantCulture, $"{output.Type}[{codes.Axis}: {string.Join(',', codes.Scales)}; {string.Join(',', codes.ZeroPoints)}]")
        : "";

    private static string Key(Value? value, Dictionary<Value, string> numbers)
    {
        if (value is null)
            return "-";
        if (!numbers.TryGetValue(value, out string? key))
        {
            bool isSmall = value.IsConstant && value.Quantization is null && value.Type.ByteCount(value.Shape.ElementCount.Value) <= MostComparedBytes;
            numbers[value] = key = isSmall ? $"{value.Type}{value.Shape}{Convert.ToHexString(value.Data.Span)}" : FormattableString.Invariant($"#{numbers.Count}");
        }

        return key;
    }
}
