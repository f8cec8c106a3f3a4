using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Quantize.Build;

namespace Quantize.Generator;

/// <summary>The overloads over tensor spans: their dimensions are checked, then the call over spans is made.</summary>
internal static class TensorWriter
{
    public static void WriteCall(CodeWriter code, ClassModel model, CallForm form, string modifiers)
    {
        code.Lines($"{modifiers}{form.Header} => {form.Name}(");
        List<string> arguments = [.. form.Method.Inputs.Select(input => Input(model, form, input)), .. form.Method.Sizes.Select(size => Size(form, size))];
        for (int i = 0; i < arguments.Count; i++)
            code.Lines($"    {arguments[i]}{(i + 1 < arguments.Count ? "," : ");")}");
    }

    /// <summary>A dense tensor is read where it lies, any other is copied.</summary>
    public static void WriteElements(CodeWriter code, ClassModel model) => code.Lines($$"""
        private static global::System.ReadOnlySpan<T> {{model.Elements}}<T>(
            in global::System.Numerics.Tensors.ReadOnlyTensorSpan<T> tensor, string input, scoped global::System.ReadOnlySpan<int> itemShape, bool many)
        {
        global::Quantize.Runtime.Generated.TensorShape.Check(input, tensor.Lengths, itemShape, many);
        if (tensor.IsDense)
            return global::System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpan(in tensor.GetPinnableReference(), (int)tensor.FlattenedLength);
        T[] elements = new T[(int)tensor.FlattenedLength];
        tensor.FlattenTo(elements);
        return elements;
        }
        """);

    private static string Input(ClassModel model, CallForm form, TensorModel input)
    {
        if (form.TakesValue(input))
            return input.Parameter;
        string shape = string.Join(", ", input.ItemShape.Select(dimension => TensorModel.Number(dimension)?.ToString(CultureInfo.InvariantCulture) ?? "-1"));
        bool many = input.IsPerItem && form.Kind != CallKind.Item;
        return $"{model.Elements}({input.Parameter}, {SafeText.Literal(input.Signature.Key)}, [{shape}], many: {(many ? "true" : "false")})";
    }

    /// <summary>Read from the end, so it does not matter whether the number of items stands before.</summary>
    private static string Size(CallForm form, SizeModel size)
    {
        TensorModel input = form.Method.Inputs.First(input => input.ItemShape.Contains(size.Symbol));
        int fromEnd = input.ItemShape.Count - input.ItemShape.TakeWhile(dimension => dimension != size.Symbol).Count();
        return $"(int){input.Parameter}.Lengths[^{fromEnd}]";
    }
}
