using System.Globalization;
using Quantize.Converter.TensorFlow.Protos;

namespace Quantize.Converter.TensorFlow;

/// <summary>Reads a function of the library. Inputs within it are an argument's name, <c>node:output_argument:number</c>, or <c>^node</c>.</summary>
internal sealed class FunctionTemplateReader
{
    private readonly FunctionDef _function;
    private readonly OperatorOutputs _outputs;
    private readonly string _file;
    private readonly Dictionary<string, int> _arguments = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, object>[] _attributes;

    private FunctionTemplateReader(FunctionDef function, OperatorOutputs outputs, string file)
    {
        (_function, _outputs, _file) = (function, outputs, file);
        _attributes = [.. function.NodeDef.Select(node => AttributeReader.Read(node.Attr, file, node.Name))];
        for (int i = 0; i < function.Signature.InputArg.Count; i++)
        {
            if (!_arguments.TryAdd(function.Signature.InputArg[i].Name, i))
                throw Damaged($"has two arguments named '{function.Signature.InputArg[i].Name}'");
        }

        for (int i = 0; i < function.NodeDef.Count; i++)
        {
            if (!_nodes.TryAdd(function.NodeDef[i].Name, i))
                throw Damaged($"has two nodes named '{function.NodeDef[i].Name}'");
        }
    }

    public static FunctionTemplate Read(FunctionDef function, OperatorOutputs outputs, string file) =>
        new FunctionTemplateReader(function, outputs, file).Read();

    private FunctionTemplate Read() => new(
        _function.Signature.Name,
        [.. _function.Signature.InputArg.Select(Argument)],
        [.. _function.NodeDef.Select((node, index) => Node(node, _attributes[index]))],
        [.. _function.Signature.OutputArg.Select(Argument)],
        [.. _function.Signature.OutputArg.Select(Result)],
        [.. _function.ControlRet.Values.Order(StringComparer.Ordinal).Select(Control)],
        AttributeReader.Read(_function.Attr, _file, _function.Signature.Name));

    private static FunctionArgument Argument(OpDef.Types.ArgDef argument) => new(argument.Name, TfDataTypes.Of(argument.Type), argument.TypeAttr);

    private TemplateNode Node(NodeDef node, Dictionary<string, object> attributes) => new(
        node.Name,
        node.Op,
        attributes,
        [.. node.Input.Where(input => !input.StartsWith('^')).Select(Source)],
        [.. node.Input.Where(input => input.StartsWith('^') && !_arguments.ContainsKey(input[1..])).Select(input => Control(input[1..]))]);

    private TemplateSource Result(OpDef.Types.ArgDef result) => _function.Ret.TryGetValue(result.Name, out string? source)
        ? Source(source)
        : throw Damaged($"does not tell its result '{result.Name}'");

    private TemplateSource Source(string input)
    {
        string[] parts = input.Split(':');
        if (_arguments.TryGetValue(parts[0], out int argument))
            return TemplateSource.OfArgument(argument);
        if (!_nodes.TryGetValue(parts[0], out int node) || parts.Length > 3)
            throw Damaged($"takes '{input}', which nothing in it gives");
        if (!int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int place))
            place = 0;
        return parts.Length < 3 && parts.Length > 1 && parts[1].All(char.IsAsciiDigit)
            ? new TemplateSource(node, place)
            : new TemplateSource(node, _outputs.Number(_function.NodeDef[node].Op, _attributes[node], parts.Length > 1 ? parts[1] : "", place));
    }

    private int Control(string name) => _nodes.TryGetValue(name, out int node) ? node : throw Damaged($"waits for '{name}', which it does not have");

    private ConversionException Damaged(string fact) => ConversionException.Damaged(_file, $"the function '{_function.Signature.Name}' {fact}");
}
