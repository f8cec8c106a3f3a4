using System.Collections.Generic;
using System.Linq;
using Quantize.Build;

namespace Quantize.Generator;

/// <summary>The nested session class: the calls themselves, over memory of its own.</summary>
internal static class SessionWriter
{
    private const string SignatureCall = "global::Quantize.Runtime.Generated.SignatureCall";

    public static void Write(CodeWriter code, ClassModel model, bool hasTensors)
    {
        code.Lines($"""
            /// <summary>Calls over memory of its own, one at a time: for one thread, or one after another.</summary>
            public sealed class {model.SessionType} : global::System.IDisposable
            """);
        code.Lines("{");
        bool share = model.Signature.IsStateful && model.Signatures.Count() > 1;
        foreach (MethodModel method in model.Signatures)
            code.Lines($"private readonly {SignatureCall} {method.Field}{(share ? "" : $" = {New(model.ModelProperty, method)}")};");

        code.Blank();
        code.Lines($"internal {model.SessionType}()");
        code.Lines("{");
        if (share)
            WriteSharedState(code, model);
        code.Lines("}");
        code.Blank();
        foreach (MethodModel method in model.Methods)
            WriteMethod(code, model, method, hasTensors);
        WriteAll(code, model, "Reset", "Forgets the state that earlier calls left behind; a model without state has none.");
        code.Blank();
        WriteAll(code, model, "Dispose", "Gives the session's memory back.");
        code.Lines("}");
        code.Blank();
    }

    /// <summary>The first call opens the state, the others share it.</summary>
    private static void WriteSharedState(CodeWriter code, ClassModel model)
    {
        string of = model.ModelProperty;
        foreach (MethodModel method in model.Signatures)
        {
            code.Lines($"{method.Field} = {New(of, method)};");
            of = model.Methods[0].Field;
        }
    }

    private static string New(string of, MethodModel method) => $"new({of}, {Literal(method.Signature.Key)}, {Keys(method.Inputs)}, {Keys(method.Outputs)})";

    private static void WriteMethod(CodeWriter code, ClassModel model, MethodModel method, bool hasTensors)
    {
        foreach (CallForm form in CallForm.All(method, hasTensors))
        {
            if (model.Signature.IsStateful)
                Documentation.WriteForm(code, form);
            else
                code.Lines($"/// <inheritdoc cref=\"{model.Signature.ClassName}.{form.Cref}\"/>");
            if (form.TakesTensors)
                TensorWriter.WriteCall(code, model, form, "public ");
            else
                WriteCall(code, form);
            code.Blank();
        }

        WriteRun(code, method);
        code.Blank();
    }

    private static void WriteCall(CodeWriter code, CallForm form)
    {
        MethodModel method = form.Method;
        code.Lines($"public {form.Header}");
        code.Lines("{");
        if (form.Kind != CallKind.Item && method.HasBatch)
        {
            TensorModel counted = method.CountedInput;
            string arguments = $"{counted.Index}, {counted.Parameter}.Length, {method.Dimensions(counted.ItemShape)}";
            code.Lines($"int {method.BatchVariable} = {method.Field}.Items({arguments});");
        }

        code.Lines($"{method.Run}({string.Join(", ", RunArguments(form))});");
        if (form.Kind == CallKind.Memory)
            WriteOutputs(code, method);
        else
            code.Lines($"return new {form.ReturnType}({string.Join(", ", Results(form))});");
        code.Lines("}");
    }

    private static IEnumerable<string> RunArguments(CallForm form)
    {
        IEnumerable<string> batch = !form.Method.HasBatch ? [] : form.Kind == CallKind.Item ? ["1"] : [form.Method.BatchVariable];
        IEnumerable<string> inputs = form.Method.Inputs.Select(input =>
            form.TakesValue(input) ? $"new global::System.ReadOnlySpan<{input.Type}>(in {input.Parameter})" : input.Parameter);
        return batch.Concat(inputs).Concat(form.Method.Sizes.Select(size => size.Parameter));
    }

    private static IEnumerable<string> Results(CallForm form)
    {
        MethodModel method = form.Method;
        if (form.Kind == CallKind.Batch)
            yield return method.BatchVariable;
        foreach (TensorModel output in method.Outputs)
        {
            bool isItem = output.IsPerItem && form.Kind == CallKind.Item;
            string items = !output.IsPerItem ? "" : isItem ? ", 1" : $", {method.BatchVariable}";
            bool isScalar = output.ItemIsScalar && (isItem || !output.IsPerItem);
            string read = output.IsReal ? $"Real{(isScalar ? "Scalar" : "Array")}" : $"{(isScalar ? "Scalar" : "Array")}<{output.Type}>";
            yield return $"{method.Field}.{read}({output.Index}{(isScalar ? "" : items)})";
            if (!output.ItemIsFixed)
                yield return $"{method.Field}.Shape({output.Index}, without: {(isItem ? 1 : 0)})";
        }
    }

    private static void WriteOutputs(CodeWriter code, MethodModel method)
    {
        foreach (TensorModel output in method.Outputs)
            code.Lines($"{method.Field}.Require({output.Index}, {output.Parameter}.Length);");
        foreach (TensorModel output in method.Outputs)
        {
            string length = method.LengthParameters[output.Index] is { } parameter ? $"{parameter} = " : "";
            code.Lines($"{length}{method.Field}.{(output.IsReal ? "CopyRealTo" : "CopyTo")}({output.Index}, {output.Parameter});");
        }
    }

    /// <summary>All inputs have their dimensions before the first is filled: only then is there a plan, and memory.</summary>
    private static void WriteRun(CodeWriter code, MethodModel method)
    {
        IEnumerable<string> parameters = method.Inputs.Select(input => $"global::System.ReadOnlySpan<{input.Type}> {input.Parameter}")
            .Concat(method.Sizes.Select(size => $"int {size.Parameter}"));
        IEnumerable<string> batch = method.HasBatch ? [$"int {method.BatchVariable}"] : [];
        code.Lines($"private void {method.Run}({string.Join(", ", batch.Concat(parameters))})");
        code.Lines("{");
        foreach (TensorModel input in method.Inputs)
            code.Lines(Resize(method, input));
        foreach (TensorModel input in method.Inputs)
            code.Lines($"{method.Field}.{(input.IsReal ? "Quantize" : "Fill")}({input.Index}, {input.Parameter});");
        code.Lines($"{method.Field}.Run();");
        code.Lines("}");
    }

    private static string Resize(MethodModel method, TensorModel input)
    {
        string arguments = $"{input.Index}, {input.Parameter}.Length, {method.Dimensions(input.Signature.Shape)}";
        bool follows = input.IsPerItem && input != method.CountedInput;
        return follows ? $"{method.Field}.ResizeLike({arguments}, counted: {method.CountedInput.Index});" : $"{method.Field}.Resize({arguments});";
    }

    private static void WriteAll(CodeWriter code, ClassModel model, string call, string summary)
    {
        code.Lines($"/// <summary>{summary}</summary>");
        code.Lines($"public void {call}()");
        code.Lines("{");
        foreach (MethodModel method in model.Signatures)
            code.Lines($"{method.Field}.{call}();");
        code.Lines("}");
    }

    private static string Literal(string text) => SafeText.Literal(text);

    private static string Keys(IEnumerable<TensorModel> tensors) => $"[{string.Join(", ", tensors.Select(tensor => Literal(tensor.Signature.Key)))}]";
}
