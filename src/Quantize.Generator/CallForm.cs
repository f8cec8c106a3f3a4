using System.Collections.Generic;
using System.Linq;

namespace Quantize.Generator;

internal enum CallKind
{
    /// <summary>Exactly one item, or a model that knows no items; a result is made.</summary>
    Item,

    /// <summary>Any number of items; a result of arrays is made.</summary>
    Batch,

    /// <summary>Any number of items; the outputs go into the caller's memory.</summary>
    Memory,
}

/// <summary>One overload of a method: what it takes and gives, and how it is documented.</summary>
internal sealed class CallForm
{
    private const int LongestHeader = 130;

    public CallForm(MethodModel method, CallKind kind, bool takesTensors)
    {
        Method = method;
        Kind = kind;
        TakesTensors = takesTensors;
        Parameters = [.. method.Inputs.Select(Input), .. takesTensors ? [] : method.Sizes.Select(Size), .. kind == CallKind.Memory ? OutputParameters() : []];
    }

    public MethodModel Method { get; }

    public CallKind Kind { get; }

    /// <summary>The inputs are tensor spans, whose dimensions are checked, and tell the open ones.</summary>
    public bool TakesTensors { get; }

    public IReadOnlyList<Parameter> Parameters { get; }

    public string Name => Kind == CallKind.Batch ? Method.BatchName : Method.Name;

    public string ReturnType => Kind switch
    {
        CallKind.Item => Method.Result,
        CallKind.Batch => Method.ResultBatch,
        _ => "void",
    };

    /// <summary>On one line where that is not too long, else a line for each parameter.</summary>
    public string Header
    {
        get
        {
            IReadOnlyList<string> declarations = [.. Parameters.Select(parameter => parameter.Declaration)];
            string line = $"{ReturnType} {Name}({string.Join(", ", declarations)})";
            return line.Length <= LongestHeader ? line : $"{ReturnType} {Name}(\n    {string.Join(",\n    ", declarations)})";
        }
    }

    public string Call => $"{Name}({string.Join(", ", Parameters.Select(parameter => parameter.Argument))})";

    public string Cref => $"{Name}({string.Join(", ", Parameters.Select(parameter => parameter.Cref))})";

    /// <summary>The overloads of a method, the simplest first.</summary>
    public static IEnumerable<CallForm> All(MethodModel method, bool withTensors)
    {
        CallKind[] kinds = method.HasBatch ? [CallKind.Item, CallKind.Batch, CallKind.Memory] : [CallKind.Item, CallKind.Memory];
        foreach (CallKind kind in kinds)
            yield return new CallForm(method, kind, takesTensors: false);
        foreach (CallKind kind in withTensors ? kinds.Where(kind => kind != CallKind.Memory) : [])
        {
            var form = new CallForm(method, kind, takesTensors: true);
            if (method.Inputs.Any(input => !form.TakesValue(input)))
                yield return form;
        }
    }

    /// <summary>One element is a plain value.</summary>
    public bool TakesValue(TensorModel input) => input.ItemIsScalar && !(input.IsPerItem && Kind != CallKind.Item);

    private Parameter Input(TensorModel input) => TakesValue(input) ? new("", input.Type, input.Parameter, InputText(input))
        : TakesTensors ? new("in", $"global::System.Numerics.Tensors.ReadOnlyTensorSpan<{input.Type}>", input.Parameter, InputText(input))
        : new("", $"global::System.ReadOnlySpan<{input.Type}>", input.Parameter, InputText(input));

    private Parameter Size(SizeModel size) => new("", "int", size.Parameter, $"The dimension {Documentation.Code(size.Symbol)}.");

    private IEnumerable<Parameter> OutputParameters()
    {
        foreach (TensorModel output in Method.Outputs)
        {
            yield return new("", $"global::System.Span<{output.Type}>", output.Parameter, OutputText(output));
            if (Method.LengthParameters[output.Index] is { } length)
                yield return new("out", "int", length, $"How many elements of {Documentation.Code(output.Parameter.TrimStart('@'))} were written.");
        }
    }

    private string InputText(TensorModel input)
    {
        string elements = input.IsPerItem && Kind != CallKind.Item ? Elements(input, "one or more items, one after another, each ") : Elements(input, "");
        string made = input.IsNormalized ? $" The model was trained on {Documentation.Normalized(input.Signature)}." : "";
        return $"Input {Documentation.Code(input.Signature.Key)}: {elements}.{made}";
    }

    private static string OutputText(TensorModel output) =>
        $"Receives output {Documentation.Code(output.Signature.Key)}: {Elements(output, output.IsPerItem ? "for each item " : "")}. It may be longer.";

    private static string Elements(TensorModel tensor, string before) => before + Documentation.Shaped(tensor);
}
