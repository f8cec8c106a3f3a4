using System.Diagnostics.CodeAnalysis;
using Quantize.Converter.TensorFlow.Protos;

namespace Quantize.Converter.TensorFlow;

/// <summary>The functions of a model by name; each is decoded when it is first needed.</summary>
internal sealed class FunctionLibrary
{
    private readonly Dictionary<string, FunctionDef> _functions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FunctionTemplate> _templates = new(StringComparer.Ordinal);
    private readonly OperatorOutputs _outputs;
    private readonly string _file;

    public FunctionLibrary(FunctionDefLibrary? library, OpList? operations, string file)
    {
        _file = file;
        foreach (FunctionDef function in library?.Function ?? [])
        {
            if (function.Signature is null)
                throw ConversionException.Damaged(file, "a function has no name");
            _functions[function.Signature.Name] = function;
        }

        _outputs = new OperatorOutputs([.. operations?.Op ?? [], .. _functions.Values.Select(function => function.Signature)]);
    }

    public bool Contains(string name) => _functions.ContainsKey(name);

    public bool TryTemplate(string name, [NotNullWhen(true)] out FunctionTemplate? template)
    {
        if (_templates.TryGetValue(name, out template))
            return true;
        if (!_functions.TryGetValue(name, out FunctionDef? function))
            return false;
        _templates[name] = template = FunctionTemplateReader.Read(function, _outputs, _file);
        return true;
    }
}
