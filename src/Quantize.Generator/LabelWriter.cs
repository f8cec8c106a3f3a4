using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Quantize.Build;

namespace Quantize.Generator;

/// <summary>What a class knows of the meaning of its tensors: labels of outputs, and what inputs are made of.</summary>
internal static class LabelWriter
{
    private const string Result = "global::Quantize.Runtime.Generated.GeneratedResult";
    private const int LongestLine = 150;

    /// <summary>The members of the class.</summary>
    public static void WriteMembers(CodeWriter code, ClassModel model)
    {
        foreach (LabelList list in model.LabelLists)
            WriteList(code, list);
        foreach (NormalizationModel normalization in model.Normalizations)
            WriteNormalization(code, normalization);
    }

    /// <summary>The members of a method's result.</summary>
    public static void WriteResult(CodeWriter code, ClassModel model, MethodModel method)
    {
        foreach (LabelModel label in method.Labels)
        {
            string arguments = $"{label.Output.Property}, {model.Labels(label.Output)}";
            if (label.Top.Length == 0)
                WriteOfValues(code, label, arguments);
            else
                WriteGreatest(code, label, arguments);
        }
    }

    private static void WriteGreatest(CodeWriter code, LabelModel label, string arguments)
    {
        code.Lines($"""
            /// <summary>The label of the greatest value of <see cref="{label.Output.Property}"/>.</summary>
            public string {label.Property} => {Result}.Label({arguments});
            """);
        code.Blank();
        code.Lines($"""
            /// <summary>The greatest values of <see cref="{label.Output.Property}"/> with their labels, the greatest first.</summary>
            /// <param name="count">How many; where there are less, all.</param>
            public global::System.Collections.Generic.IReadOnlyList<(string Label, {label.Output.Type} Value)> {label.Top}(int count) => {Result}.TopLabels({arguments}, count);
            """);
        code.Blank();
    }

    private static void WriteOfValues(CodeWriter code, LabelModel label, string arguments)
    {
        string type = label.Output.ItemIsScalar ? "string" : "string[]";
        code.Lines($"""
            /// <summary>What the values of <see cref="{label.Output.Property}"/> stand for; empty where a value has no label.</summary>
            public {type} {label.Property} => {Result}.LabelsOf({arguments});
            """);
        code.Blank();
    }

    private static void WriteList(CodeWriter code, LabelList list)
    {
        code.Lines($$"""
            /// <summary>What the values of output {{Documentation.Code(list.Output.Signature.Key)}} stand for.</summary>
            public static global::System.Collections.Generic.IReadOnlyList<string> {{list.Name}} { get; } = global::System.Array.AsReadOnly(new string[]
            """);
        code.Lines("{");
        string line = "";
        foreach (string literal in list.Output.Signature.Labels.Select(SafeText.Literal))
        {
            if (line.Length > 0 && line.Length + literal.Length > LongestLine)
            {
                code.Lines(line);
                line = "";
            }

            line += (line.Length > 0 ? " " : "") + literal + ",";
        }

        code.Lines(line);
        code.Lines("});");
        code.Blank();
    }

    private static void WriteNormalization(CodeWriter code, NormalizationModel normalization)
    {
        SignatureTensor input = normalization.Input.Signature;
        string numbers = $"{Numbers(input.Mean)}, {Numbers(input.Deviation)}";
        string summary = $"Makes input {Documentation.Code(input.Key)} of values from 0 to 255, such as the bytes of a picture: {Documentation.Normalized(input)}.";
        code.Lines($$"""
            /// <summary>{{summary}}</summary>
            /// <param name="values">The values, channels innermost.</param>
            public static float[] {{normalization.Name}}(global::System.ReadOnlySpan<byte> values)
            {
            float[] normalized = new float[values.Length];
            {{normalization.Name}}(values, normalized);
            return normalized;
            }
            """);
        code.Blank();
        code.Lines($"""
            /// <summary>{summary}</summary>
            /// <param name="values">The values, channels innermost.</param>
            /// <param name="normalized">Receives as many numbers. It may be longer.</param>
            /// <exception cref="global::System.ArgumentException">The memory is too short.</exception>
            public static void {normalization.Name}(global::System.ReadOnlySpan<byte> values, global::System.Span<float> normalized) =>
                global::Quantize.Runtime.Generated.Normalization.Apply(values, normalized, {numbers});
            """);
        code.Blank();
    }

    private static string Numbers(IEnumerable<float> numbers) => $"[{string.Join(", ", numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture) + "F"))}]";
}
