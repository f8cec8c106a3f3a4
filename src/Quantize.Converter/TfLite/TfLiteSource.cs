using System.Globalization;
using System.Text;
using Quantize.Build;
using Quantize.Converter.Graphs;
using Quantize.Converter.Reports;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.TfLite;

/// <summary>A model that is a .tflite already: its bytes go through unchanged.</summary>
internal static class TfLiteSource
{
    private const string Extension = ".tflite";
    private const string DefaultKey = "serving_default";
    private static readonly byte[] s_identifier = Encoding.ASCII.GetBytes("TFL3");
    private static readonly byte[] s_gitLfsPointer = Encoding.ASCII.GetBytes("version https://git-lfs");

    /// <summary>By its name, or by the identifier in its bytes 4 to 7.</summary>
    public static bool IsTfLite(string path)
    {
        if (!File.Exists(path))
            return false;
        if (Path.GetExtension(path).Equals(Extension, StringComparison.OrdinalIgnoreCase))
            return true;
        Span<byte> head = stackalloc byte[8];
        using FileStream file = File.OpenRead(path);
        return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head[4..].SequenceEqual(s_identifier);
    }

    public static ConversionResult Take(ConversionRequest request)
    {
        byte[] bytes = File.ReadAllBytes(request.ModelPath);
        if (bytes.AsSpan().StartsWith(s_gitLfsPointer))
            throw new ConversionException(DiagnosticTable.GitLfsPointer, request.ModelPath);
        try
        {
            using TfLiteModel model = TfLiteModel.Read(ModelBytes.Of(bytes));
            return new ConversionResult
            {
                Model = request.SignatureOnly ? ReadOnlyMemory<byte>.Empty : bytes,
                Signature = Describe(model, bytes.Length, request),
                Warnings = [.. WithoutEffect(request).Select(option => new ModelDiagnostic(DiagnosticTable.OptionWithoutEffect, request.ModelPath, option))],
                Report = request.SignatureOnly ? null : new ConversionReport([], bytes.Length, bytes.Length),
            };
        }
        catch (ModelFormatException exception)
        {
            throw ConversionException.Damaged(request.ModelPath, exception.Message, exception);
        }
    }

    private static IEnumerable<string> WithoutEffect(ConversionRequest request)
    {
        if (request.Batch is not null)
            yield return nameof(request.Batch);
        if (request.KeepFloat.Count > 0)
            yield return nameof(request.KeepFloat);
        if (request.InputArrays.Count > 0)
            yield return nameof(request.InputArrays);
        if (request.OutputArrays.Count > 0)
            yield return nameof(request.OutputArrays);
    }

    private static ModelSignature Describe(TfLiteModel model, int byteCount, ConversionRequest request)
    {
        Signature[] signatures = [.. model.Signatures.Where(signature => request.SignatureKey is null || signature.Key == request.SignatureKey)];
        if (signatures.Length == 0 && request.SignatureKey is { } missing && missing != DefaultKey)
        {
            string known = string.Join(", ", model.Signatures.Select(signature => signature.Key).Order(StringComparer.Ordinal));
            throw new ConversionException(DiagnosticTable.SignatureNotFound, request.ModelPath, missing, known);
        }

        if (signatures.Length == 0)
            signatures = [OfTensorNames(model.Subgraphs[0])];
        IEnumerable<Signature> inOrder = signatures.OrderBy(signature => signature.Key != DefaultKey);
        IEnumerable<BuiltinOperator> codes = model.Subgraphs.SelectMany(subgraph => subgraph.Operators).Select(node => node.Code);
        return new ModelSignature
        {
            Source = Path.GetFileName(request.ModelPath),
            Quantization = nameof(QuantizationScheme.None),
            Arithmetic = request.Arithmetic.ToString(),
            Operators = new(codes.Distinct().Order().Select(code => code.ToString())),
            Methods = new(inOrder.Select(signature => Method(signature, model.Subgraphs[signature.Subgraph]))),
            FloatBytes = 0,
            ModelBytes = byteCount,
        };
    }

    /// <summary>A file without signatures is called by the names of its tensors.</summary>
    private static Signature OfTensorNames(Subgraph main) => new(
        DefaultKey,
        0,
        [.. main.Inputs.Select(index => new SignatureEntry(main.Tensors[index].Name, index))],
        [.. main.Outputs.Select(index => new SignatureEntry(main.Tensors[index].Name, index))]);

    private static SignatureMethod Method(Signature signature, Subgraph subgraph) => new(
        signature.Key,
        new(signature.Inputs.Select(entry => Describe(entry, subgraph))),
        new(signature.Outputs.Select(entry => Describe(entry, subgraph))));

    private static string Dimension(string key, int length, int axis) =>
        length >= 0 ? length.ToString(CultureInfo.InvariantCulture) : OpenDimension.Name(key, axis);

    private static SignatureTensor Describe(SignatureEntry entry, Subgraph subgraph)
    {
        Tensor tensor = subgraph.Tensors[entry.Tensor];
        return new SignatureTensor(
            entry.Key,
            tensor.Name,
            tensor.Type.ToString(),
            new(tensor.ShapeSignature.Select((length, axis) => Dimension(entry.Key, length, axis))),
            tensor.Quantization?.Scales[0] ?? 0,
            (int)(tensor.Quantization?.ZeroPoints[0] ?? 0));
    }
}
