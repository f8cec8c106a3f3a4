using System.CommandLine;
using System.Globalization;
using Quantize.Converter;

namespace Quantize.Tool.Commands;

/// <summary>The options that say what to take from a model and how to convert it.</summary>
internal sealed class ConversionOptions
{
    private readonly Argument<string> _model = new("MODEL") { Description = "The model to convert" };

    private readonly Option<QuantizationScheme?> _quantization = Choice<QuantizationScheme>(
        "--quantization",
        "How weights are stored: in 8 bits with a scale for each output channel, or with one for each tensor, or as floats [default: DynamicRange; a .tflite stays as it is]");

    private readonly Option<ArithmeticForm?> _arithmetic = Choice<ArithmeticForm>(
        "--arithmetic",
        "How the runtime meets 8-bit weights: with activations in 8 bits as Google's kernels do, or in 7 bits where that is faster [default: Precise; a .tflite stays as it is]");

    private readonly Option<string[]> _inputs = List("--inputs", "a,b", "Tensors that become the inputs, in this order");

    private readonly Option<string[]> _outputs = List("--outputs", "c,d", "Tensors that become the outputs, in this order");

    private readonly Option<string[]> _tags = List("--tags", "t,u", "Tags of the graph within a SavedModel [default: serve, or the only graph]");

    private readonly Option<string?> _signature = new("--signature") { HelpName = "KEY", Description = "The one signature to keep [default: all]" };

    private readonly Option<string[]> _keepFloat = List("--keep-float", "node,pattern*", "Operators whose weights stay float, by name or pattern; the summary lists them");

    private readonly Option<string[]> _inputShapes = List("--input-shapes", "image:1,224,224,3", "Shapes of inputs that leave them open, separated by ; with ? for a dimension that stays open", ';');

    private readonly Option<string?> _customOperators = new("--custom-operators") { HelpName = "CLASS", Description = "The application's class that has the custom operators of a .tflite" };

    private readonly Option<int?> _batch = Batch();

    public void AddTo(Command command)
    {
        command.Add(_model);
        foreach (Option option in (Option[])[_quantization, _arithmetic, _inputs, _outputs, _signature, _tags, _keepFloat, _inputShapes, _customOperators, _batch])
            command.Add(option);
    }

    public ConversionRequest Request(ParseResult parsed) => new()
    {
        ModelPath = parsed.GetRequiredValue(_model),
        Quantization = parsed.GetValue(_quantization),
        Arithmetic = parsed.GetValue(_arithmetic),
        InputArrays = parsed.GetValue(_inputs) ?? [],
        OutputArrays = parsed.GetValue(_outputs) ?? [],
        SignatureKey = parsed.GetValue(_signature),
        Tags = parsed.GetValue(_tags) ?? [],
        KeepFloat = parsed.GetValue(_keepFloat) ?? [],
        InputShapes = parsed.GetValue(_inputShapes) ?? [],
        CustomOperators = parsed.GetValue(_customOperators),
        Batch = parsed.GetValue(_batch),
    };

    /// <summary>One of an enumeration's names, in any case; never its number.</summary>
    private static Option<T?> Choice<T>(string name, string description)
        where T : struct, Enum
    {
        var option = new Option<T?>(name) { HelpName = string.Join('|', Enum.GetNames<T>()), Description = description };
        return option.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, Enum.GetNames<T>());
    }

    private static Option<string[]> List(string name, string helpName, string description, char separator = ',') => new(name)
    {
        HelpName = helpName,
        Description = description,
        CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
    };

    private static Option<int?> Batch() => new("--batch")
    {
        HelpName = "N",
        Description = "Fixes an open batch to this number [default: it stays open]",
        CustomParser = result =>
        {
            string text = result.Tokens[^1].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int batch) && batch > 0)
                return batch;
            result.AddError($"--batch '{text}' is no number of 1 or more");
            return null;
        },
    };
}
