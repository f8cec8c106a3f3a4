using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Quantize.Build;

namespace Quantize.Generator;

/// <summary>Sentences of the XML documentation. What comes from the model passes <see cref="SafeText.Xml"/>.</summary>
internal static class Documentation
{
    public static string Code(string text) => $"<c>{SafeText.Xml(text)}</c>";

    public static void WriteClass(CodeWriter code, ClassModel model)
    {
        ModelSignature signature = model.Signature;
        code.Lines("/// <summary>");
        code.Lines($"/// The model {Code(signature.Source)}.{Conversion(signature)}{Sizes(signature)}");
        code.Lines("/// </summary>");
        code.Lines("/// <remarks>");
        foreach (MethodModel method in model.Signatures)
        {
            code.Lines($"/// <para>Signature {Code(method.Signature.Key)}:</para>");
            code.Lines("/// <list type=\"bullet\">");
            foreach (SignatureTensor input in method.Signature.Inputs)
                code.Lines($"/// <item><description>input {Code(input.Key)}: {Shaped(input, input.Shape)}</description></item>");
            foreach (SignatureTensor output in method.Signature.Outputs)
                code.Lines($"/// <item><description>output {Code(output.Key)}: {Shaped(output, output.Shape)}</description></item>");
            code.Lines("/// </list>");
        }

        code.Lines(signature.IsStateful
            ? $"/// <para>A call leaves state behind for the next: calls are made on a session, see <see cref=\"{model.CreateSession}\"/>.</para>"
            : $"/// <para>Static calls are safe from any number of threads; a session (<see cref=\"{model.CreateSession}\"/>) owns its memory.</para>");
        code.Lines("/// </remarks>");
    }

    public static void WriteForm(CodeWriter code, CallForm form)
    {
        code.Lines($"/// <summary>{Summary(form)}</summary>");
        foreach (Parameter parameter in form.Parameters)
            code.Lines($"/// <param name=\"{parameter.Name.TrimStart('@')}\">{parameter.Documentation}</param>");
        if (form.Kind == CallKind.Item)
            code.Lines($"/// <returns>The outputs{(form.Method.HasBatch ? " of the item" : "")}.</returns>");
        if (form.Kind == CallKind.Batch)
            code.Lines("/// <returns>The outputs of all items, in their order.</returns>");
        code.Lines("/// <exception cref=\"global::System.ArgumentException\">A length or a dimension is not the model's.</exception>");
    }

    /// <summary>The same as the caller sees it: numbers and their range where the model has codes.</summary>
    public static string Shaped(TensorModel tensor)
    {
        SignatureTensor signature = tensor.Signature;
        if (!tensor.IsReal)
            return Shaped(signature, tensor.ItemShape);
        (int least, int greatest) = ElementTypes.OfCodes[signature.Type];
        return $"{Shaped(signature with { Type = "Float32", Scale = 0 }, tensor.ItemShape)}, from {Real(signature, least)} to {Real(signature, greatest)}"
            + $" in steps of {Number(signature.Scale)}: quantized to {signature.Type.ToLowerInvariant()}";
    }

    /// <summary><c>float32 [28, 28]</c>, and what a code means where the tensor is quantized.</summary>
    public static string Shaped(SignatureTensor tensor, IReadOnlyList<string> shape)
    {
        string type = tensor.Type.ToLowerInvariant();
        string shaped = shape.Count == 0 ? $"one {type}" : $"{type} [{string.Join(", ", shape.Select(SafeText.Xml))}]";
        return shaped + Quantization(tensor);
    }

    /// <summary>What the input takes, as a formula.</summary>
    public static string Normalized(SignatureTensor input) => input.Mean.Count == 1
        ? $"(value - {Number(input.Mean[0])}) / {Number(input.Deviation[0])}"
        : $"(value - mean) / deviation, with the means {string.Join(", ", input.Mean.Select(Number))} and the deviations {string.Join(", ", input.Deviation.Select(Number))} of the channels";

    private static string Summary(CallForm form)
    {
        string run = $"Runs signature {Code(form.Method.Signature.Key)}{(form.Method.IsRaw ? ", in the codes of the model's quantized tensors," : "")}";
        return form.Kind switch
        {
            CallKind.Item when form.Method.HasBatch => $"{run} on exactly one item.",
            CallKind.Item => $"{run}.",
            CallKind.Batch => $"{run} on any number of items.",
            _ when form.Method.HasBatch => $"{run} on any number of items, and writes the outputs into the caller's memory. Allocates nothing once it has run.",
            _ => $"{run}, and writes the outputs into the caller's memory. Allocates nothing once it has run.",
        };
    }

    private static string Conversion(ModelSignature signature) => signature.Quantization.Length == 0
        ? ""
        : $" Quantization {SafeText.Xml(signature.Quantization)}, arithmetic {SafeText.Xml(signature.Arithmetic)}.";

    private static string Sizes(ModelSignature signature)
    {
        if (signature.ModelBytes <= 0)
            return "";
        string bytes = $" {Number(signature.ModelBytes)} bytes";
        if (signature.FloatBytes <= signature.ModelBytes)
            return bytes + ".";
        double saved = 100.0 * (signature.FloatBytes - signature.ModelBytes) / signature.FloatBytes;
        return $"{bytes} instead of {Number(signature.FloatBytes)}: {saved.ToString("F0", CultureInfo.InvariantCulture)} % saved.";
    }

    private static string Quantization(SignatureTensor tensor) => tensor.Scale == 0
        ? ""
        : $", quantized: real = {Number(tensor.Scale)} * (code - {tensor.ZeroPoint.ToString(CultureInfo.InvariantCulture)})";

    private static string Real(SignatureTensor tensor, int code) => Number(tensor.Scale * (code - (long)tensor.ZeroPoint));

    private static string Number(float value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
