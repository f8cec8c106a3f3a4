using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Quantize.Build;

/// <summary>
/// What the generator knows of a model: everything a class needs, and nothing of the weights. A text of lines, each a word and tab-separated fields;
/// <see cref="Format"/> and <see cref="Parse"/> stand side by side.
/// </summary>
internal sealed record ModelSignature
{
    private const string Header = "quantize-signature";
    private const string Version = "1";

    public string ClassName { get; init; } = "";

    /// <summary>Empty: the global namespace.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>Logical name of the embedded resource.</summary>
    public string ResourceName { get; init; } = "";

    /// <summary>The model as the user named it, for documentation.</summary>
    public string Source { get; init; } = "";

    public string Quantization { get; init; } = "";

    public string Arithmetic { get; init; } = "";

    /// <summary>Variables or recurrent state survive a call: no static methods.</summary>
    public bool IsStateful { get; init; }

    /// <summary>Names of the builtin operators in the file; empty where only the signature was read (a design-time build).</summary>
    public EquatableArray<string> Operators { get; init; }

    /// <summary>The class of the project that has the model's custom operators; empty where the runtime has them all.</summary>
    public string CustomOperators { get; init; } = "";

    public EquatableArray<SignatureMethod> Methods { get; init; }

    /// <summary>Size of the same model with float weights; 0 where not known.</summary>
    public long FloatBytes { get; init; }

    /// <summary>Size of the embedded file; 0 where not known.</summary>
    public long ModelBytes { get; init; }

    public string Format()
    {
        var text = new StringBuilder();
        Line(text, Header, Version);
        Line(text, "class", ClassName);
        Line(text, "namespace", Namespace);
        Line(text, "resource", ResourceName);
        Line(text, "source", Source);
        Line(text, "quantization", Quantization);
        Line(text, "arithmetic", Arithmetic);
        Line(text, "stateful", IsStateful ? "true" : "false");
        Line(text, "bytes", Number(FloatBytes), Number(ModelBytes));
        Line(text, "operators", [.. Operators]);
        if (CustomOperators.Length > 0)
            Line(text, "custom", CustomOperators);
        foreach (SignatureMethod method in Methods)
        {
            Line(text, "signature", method.Key);
            foreach (SignatureTensor tensor in method.Inputs)
                Tensor(text, "input", tensor);
            foreach (SignatureTensor tensor in method.Outputs)
                Tensor(text, "output", tensor);
        }

        return text.ToString();
    }

    /// <summary>Reads what <see cref="Format"/> wrote; a <see cref="FormatException"/> tells which line is wrong.</summary>
    public static ModelSignature Parse(string text)
    {
        List<string[]> lines = text.Split('\n').Where(line => line.Trim().Length != 0).Select(SplitFields).ToList();
        if (lines.Count == 0 || lines[0][0] != Header)
            throw new FormatException($"the first line is not '{Header}'");
        if (lines[0].Length != 2 || lines[0][1] != Version)
            throw new FormatException($"the signature has version '{lines[0].ElementAtOrDefault(1)}'; this generator knows version {Version}: rebuild with one version of the package");

        var signature = new ModelSignature();
        List<(string Key, List<SignatureTensor> Inputs, List<SignatureTensor> Outputs)> methods = [];
        foreach (string[] fields in lines.Skip(1))
        {
            switch (fields[0])
            {
                case "class": signature = signature with { ClassName = Field(fields, 1) }; break;
                case "namespace": signature = signature with { Namespace = Field(fields, 1) }; break;
                case "resource": signature = signature with { ResourceName = Field(fields, 1) }; break;
                case "source": signature = signature with { Source = Field(fields, 1) }; break;
                case "quantization": signature = signature with { Quantization = Field(fields, 1) }; break;
                case "arithmetic": signature = signature with { Arithmetic = Field(fields, 1) }; break;
                case "stateful": signature = signature with { IsStateful = Field(fields, 1) == "true" }; break;
                case "bytes": signature = signature with { FloatBytes = Number(Field(fields, 1)), ModelBytes = Number(Field(fields, 2)) }; break;
                case "operators": signature = signature with { Operators = new(fields.Skip(1)) }; break;
                case "custom": signature = signature with { CustomOperators = Field(fields, 1) }; break;
                case "signature": methods.Add((Field(fields, 1), [], [])); break;
                case "input": Last(methods).Inputs.Add(Tensor(fields)); break;
                case "output": Last(methods).Outputs.Add(Tensor(fields)); break;
                case "labels": Change(Last(methods).Outputs, output => output with { LabelKind = Field(fields, 1), Labels = new(fields.Skip(2)) }); break;
                case "normalization": Change(Last(methods).Inputs, input => input with { Mean = Scales(Field(fields, 1)), Deviation = Scales(Field(fields, 2)) }); break;
                default: break; // a later version's figure: nothing a class depends on
            }
        }

        return signature with { Methods = new(methods.Select(method => new SignatureMethod(method.Key, new(method.Inputs), new(method.Outputs)))) };
    }

    private static (string Key, List<SignatureTensor> Inputs, List<SignatureTensor> Outputs) Last(
        List<(string Key, List<SignatureTensor> Inputs, List<SignatureTensor> Outputs)> methods) =>
        methods.Count > 0 ? methods[methods.Count - 1] : throw new FormatException("a tensor stands before the first signature");

    /// <summary>The tensor that was read last gets more said of it.</summary>
    private static void Change(List<SignatureTensor> tensors, Func<SignatureTensor, SignatureTensor> change)
    {
        if (tensors.Count == 0)
            throw new FormatException("a line about a tensor stands before the first one");
        tensors[tensors.Count - 1] = change(tensors[tensors.Count - 1]);
    }

    private static void Tensor(StringBuilder text, string word, SignatureTensor tensor)
    {
        Line(text, word, TensorFields(tensor));
        if (tensor.Labels.Count > 0)
            Line(text, "labels", [tensor.LabelKind, .. tensor.Labels]);
        if (tensor.Mean.Count > 0)
            Line(text, "normalization", Scales(tensor.Mean), Scales(tensor.Deviation));
    }

    private static string[] TensorFields(SignatureTensor tensor) =>
    [
        tensor.Key,
        tensor.Name,
        tensor.Type,
        string.Join(" ", tensor.Shape),
        Scale(tensor.Scale),
        Number(tensor.ZeroPoint),
    ];

    private static SignatureTensor Tensor(string[] fields)
    {
        string shape = Field(fields, 4);
        return new SignatureTensor(
            Field(fields, 1),
            Field(fields, 2),
            Field(fields, 3),
            new(shape.Length == 0 ? [] : shape.Split(' ')),
            Scale(Field(fields, 5)),
            unchecked((int)Number(Field(fields, 6))));
    }

    private static void Line(StringBuilder text, string word, params string[] fields)
    {
        text.Append(word);
        foreach (string field in fields)
            text.Append('\t').Append(Escape(field));
        text.Append('\n');
    }

    private static string[] SplitFields(string line) => line.TrimEnd('\r').Split('\t').Select(Unescape).ToArray();

    private static string Field(string[] fields, int index) =>
        index < fields.Length ? fields[index] : throw new FormatException($"the line '{fields[0]}' has {fields.Length - 1} fields, not {index}");

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Scale(float scale) => scale.ToString("R", CultureInfo.InvariantCulture);

    private static string Scales(IEnumerable<float> scales) => string.Join(" ", scales.Select(Scale));

    private static EquatableArray<float> Scales(string text) => new(text.Split(' ').Select(Scale));

    private static float Scale(string text) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) ? value : throw new FormatException($"'{text}' is not a scale");

    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : throw new FormatException($"'{text}' is not a number");

    /// <summary>Tabs, line ends, other control characters and the backslash become \uXXXX, so a field is always one field of one line.</summary>
    private static string Escape(string field)
    {
        var text = new StringBuilder(field.Length);
        foreach (char c in field)
        {
            if (c is '\\' or '\u2028' or '\u2029' or '\u0085' || char.IsControl(c))
                text.Append("\\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture));
            else
                text.Append(c);
        }

        return text.ToString();
    }

    private static string Unescape(string field)
    {
        int at = field.IndexOf('\\');
        if (at < 0)
            return field;
        var text = new StringBuilder(field.Length);
        for (int i = 0; i < field.Length; i++)
        {
            bool escaped = field[i] == '\\' && i + 5 < field.Length && field[i + 1] == 'u'
                && int.TryParse(field.Substring(i + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _);
            if (!escaped && field[i] == '\\')
                throw new FormatException($"the field '{field}' has a backslash that escapes nothing");
            text.Append(escaped ? (char)int.Parse(field.Substring(i + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : field[i]);
            i += escaped ? 5 : 0;
        }

        return text.ToString();
    }
}

/// <summary>One signature of the model: its key and its tensors, inputs in parameter order, outputs in the model's order.</summary>
internal sealed record SignatureMethod(string Key, EquatableArray<SignatureTensor> Inputs, EquatableArray<SignatureTensor> Outputs);

/// <summary>
/// One tensor: the signature's key, the tensor's name in the file, its element type (a <c>TensorType</c> name), and its dimensions: numbers, or symbols.
/// A symbol that an input has as a whole dimension is a plain name (<c>batch</c>); outputs may have expressions of them. Scale 0: not quantized.
/// </summary>
internal sealed record SignatureTensor(string Key, string Name, string Type, EquatableArray<string> Shape, float Scale, int ZeroPoint)
{
    /// <summary>Each value along the last dimension has a label.</summary>
    public const string LabelsOfAxis = "axis";

    /// <summary>Each value is the position of its label.</summary>
    public const string LabelsOfValues = "values";

    /// <summary>Of an output: what its values stand for. Empty: not known.</summary>
    public EquatableArray<string> Labels { get; init; }

    /// <summary><see cref="LabelsOfAxis"/> or <see cref="LabelsOfValues"/>.</summary>
    public string LabelKind { get; init; } = LabelsOfAxis;

    /// <summary>Of an input: it takes (value - mean) / deviation; one of each, or one for each channel. Empty: not known.</summary>
    public EquatableArray<float> Mean { get; init; }

    public EquatableArray<float> Deviation { get; init; }
}
