using System.Collections.Generic;
using System.Linq;

namespace Quantize.Generator;

/// <summary>The result types of one method: of one item, and of many.</summary>
internal static class ResultWriter
{
    private const string Generated = "global::Quantize.Runtime.Generated.GeneratedResult";

    public static void Write(CodeWriter code, ClassModel model, MethodModel method)
    {
        WriteItem(code, model, method);
        code.Blank();
        if (method.HasBatch)
            WriteBatch(code, method);
        code.Blank();
    }

    private static void WriteItem(CodeWriter code, ClassModel model, MethodModel method)
    {
        string of = method.HasBatch ? " for one item" : "";
        code.Lines($"""
            /// <summary>What signature {Documentation.Code(method.Signature.Key)} computes{of}.</summary>
            public sealed class {method.Result}
            """);
        code.Lines("{");
        WriteConstructor(code, method.Result, method.Outputs.SelectMany(output => Fields(output, isArray: !output.ItemIsScalar)).ToList());
        foreach (TensorModel output in method.Outputs)
            WriteProperty(code, output, isArray: !output.ItemIsScalar, "");
        LabelWriter.WriteResult(code, model, method);
        WriteText(code, method, string.Concat(method.Labels.Where(label => label.Top.Length > 0).Select(label => $"{label.Property} = {{{label.Property}}}, ")));
        code.Lines("}");
    }

    private static void WriteBatch(CodeWriter code, MethodModel method)
    {
        code.Lines($"""
            /// <summary>What signature {Documentation.Code(method.Signature.Key)} computes for a number of items.</summary>
            public sealed class {method.ResultBatch} : global::System.Collections.Generic.IReadOnlyList<{method.Result}>
            """);
        code.Lines("{");
        List<Field> count = [new("int", "Count")];
        WriteConstructor(code, method.ResultBatch, count.Concat(method.Outputs.SelectMany(output => Fields(output, isArray: IsArrayInBatch(output)))).ToList());
        code.Lines("""
            /// <summary>Number of items.</summary>
            public int Count { get; }
            """);
        code.Blank();
        foreach (TensorModel output in method.Outputs)
            WriteProperty(code, output, IsArrayInBatch(output), output.IsPerItem ? "for each item " : "for all items together ");
        WriteItems(code, method);
        WriteText(code, method, "Count = {Count}, ");
        code.Lines("}");
    }

    private static void WriteConstructor(CodeWriter code, string type, IReadOnlyList<Field> fields)
    {
        code.Lines($"internal {type}({string.Join(", ", fields.Select((field, i) => $"{field.Type} value{i}"))})");
        code.Lines("{");
        for (int i = 0; i < fields.Count; i++)
            code.Lines($"{fields[i].Name} = value{i};");
        code.Lines("}");
        code.Blank();
    }

    private static void WriteProperty(CodeWriter code, TensorModel output, bool isArray, string each)
    {
        code.Lines($$"""
            /// <summary>Output {{Documentation.Code(output.Signature.Key)}}: {{each}}{{Documentation.Shaped(output)}}.</summary>
            public {{output.Type}}{{(isArray ? "[]" : "")}} {{output.Property}} { get; }
            """);
        code.Blank();
        if (output.ItemIsFixed)
            return;
        code.Lines($$"""
            /// <summary>Dimensions of <see cref="{{output.Property}}"/>, outermost first.</summary>
            public int[] {{output.Property}}Shape { get; }
            """);
        code.Blank();
    }

    private static void WriteItems(CodeWriter code, MethodModel method)
    {
        code.Lines($"""
            /// <summary>The outputs of one item, copied.</summary>
            /// <param name="index">Position of the item.</param>
            /// <exception cref="global::System.ArgumentOutOfRangeException">There is no such item.</exception>
            public {method.Result} this[int index]
            """);
        code.Lines("{");
        code.Lines("get");
        code.Lines("{");
        code.Lines($"{Generated}.CheckIndex(index, Count);");
        code.Lines($"return new {method.Result}({string.Join(", ", method.Outputs.SelectMany(ItemOf))});");
        code.Lines("}");
        code.Lines("}");
        code.Blank();
        code.Lines($$"""
            /// <summary>The outputs of each item.</summary>
            public global::System.Collections.Generic.IEnumerator<{{method.Result}}> GetEnumerator()
            {
            for (int i = 0; i < Count; i++)
                yield return this[i];
            }
            """);
        code.Blank();
        code.Lines("global::System.Collections.IEnumerator global::System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();");
        code.Blank();
    }

    private static IEnumerable<string> ItemOf(TensorModel output)
    {
        yield return !output.IsPerItem ? output.Property
            : output.ItemIsScalar ? $"{output.Property}[index]"
            : $"{Generated}.Item({output.Property}, index, Count)";
        if (!output.ItemIsFixed)
            yield return output.IsPerItem ? $"{output.Property}Shape[1..]" : $"{output.Property}Shape";
    }

    private static void WriteText(CodeWriter code, MethodModel method, string before)
    {
        IEnumerable<string> outputs = method.Outputs.Select(output => $"{output.Property} = {{({Generated}.Text({output.Property}))}}");
        code.Lines($"""
            /// <summary>The outputs as text, the long ones shortened.</summary>
            public override string ToString() => $"{before}{string.Join(", ", outputs)}";
            """);
    }

    private static bool IsArrayInBatch(TensorModel output) => output.IsPerItem || !output.ItemIsScalar;

    private static IEnumerable<Field> Fields(TensorModel output, bool isArray)
    {
        yield return new(output.Type + (isArray ? "[]" : ""), output.Property);
        if (!output.ItemIsFixed)
            yield return new("int[]", output.Property + "Shape");
    }

    private sealed record Field(string Type, string Name);
}
