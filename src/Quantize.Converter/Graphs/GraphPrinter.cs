using System.Globalization;
using System.Text;
using Quantize.Runtime;

namespace Quantize.Converter.Graphs;

/// <summary>A graph as text, one node a line; small constants with their elements.</summary>
internal static class GraphPrinter
{
    private const int MostPrintedElements = 8;

    public static string Print(Graph graph)
    {
        var text = new StringBuilder();
        foreach (Value input in graph.Inputs)
            text.Append("input ").Append(input).Append('\n');
        foreach (Node node in graph.Nodes)
            text.Append(Line(node)).Append('\n');
        text.Append("output ").AppendJoin(", ", graph.Outputs.Select(Operand)).Append('\n');
        return text.ToString();
    }

    private static string Line(Node node)
    {
        string outputs = string.Join(", ", node.Outputs.Select(output => output.ToString()));
        string inputs = string.Join(", ", node.Inputs.Select(Operand));
        string name = node.Refusal is { } refusal ? $"unsupported {refusal.Operation}" : node.Code.ToString();
        string options = OptionPrinter.Print(node.Options);
        return $"{outputs} = {name}({inputs}){(options.Length == 0 ? "" : $" {{{options}}}")}";
    }

    private static string Operand(Value? value) => value switch
    {
        null => "-",
        { IsConstant: true } => Constant(value),
        _ => value.Name,
    };

    private static string Constant(Value value)
    {
        int count = value.Shape.ElementCount.Value;
        string? elements = count > MostPrintedElements ? null : value.Type switch
        {
            TensorType.Float32 => string.Join(' ', ConstantData.Floats(value).ToArray().Select(number => number.ToString("R", CultureInfo.InvariantCulture))),
            TensorType.Int32 or TensorType.Int64 => string.Join(' ', ConstantData.Integers(value)),
            _ => null,
        };
        return elements is null ? $"<{value.Type}{value.Shape}>" : $"<{elements}>";
    }
}
