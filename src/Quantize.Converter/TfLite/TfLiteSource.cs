using System.Globalization;
using System.Text;
using Quantize.Build;
using Quantize.Converter.Graphs;
using Quantize.Converter.Reports;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.TfLite;

/// <summary>A model that is a .tflite already: its bytes go through unchanged, unless a scheme for its weights is asked for.</summary>
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

    /// <summary>Whether no scheme for its weights is asked for.</summary>
    public static bool IsWantedAsItIs(ConversionRequest request) => request.Quantization is null or QuantizationScheme.None || request.SignatureOnly;

    /// <summary>The file as it is.</summary>
    public static ConversionResult Take(ConversionRequest request) => WithModel(request, (model, bytes) => new ConversionResult
    {
        Model = request.SignatureOnly ? ReadOnlyMemory<byte>.Empty : bytes,
        Signature = Describe(model, bytes.Length, request),
        Warnings = Warnings(request, KeepFloatOf(request)),
        Report = request.SignatureOnly ? null : new ConversionReport([], bytes.Length, bytes.Length),
    });

    /// <summary>The file as graphs whose weights can be quantized, and what its methods look like.</summary>
    public static (Module Module, ModelSignature Signature, IReadOnlyList<ModelDiagnostic> Warnings) Open(ConversionRequest request) => WithModel(request, (model, bytes) =>
    {
        ModelSignature signature = Describe(model, bytes.Length, request) with { Quantization = request.Scheme.ToString() };
        return (TfLiteGraphReader.Read(model, request.SignatureKey), signature, Warnings(request, []));
    });

    private static T WithModel<T>(ConversionRequest request, Func<TfLiteModel, byte[], T> use)
    {
        byte[] bytes = Bytes(request.ModelPath);
        try
        {
            using TfLiteModel model = TfLiteModel.Read(ModelBytes.Of(bytes));
            return use(model, bytes);
        }
        catch (Exception exception) when (exception is ModelFormatException or GraphException)
        {
            throw ConversionException.Damaged(request.ModelPath, exception.Message, exception);
        }
    }

    private static byte[] Bytes(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        return bytes.AsSpan().StartsWith(s_gitLfsPointer) ? throw new ConversionException(DiagnosticTable.GitLfsPointer, path) : bytes;
    }

    private static ModelDiagnostic[] Warnings(ConversionRequest request, IEnumerable<string> more) =>
        [.. WithoutEffect(request).Concat(more).Select(option => new ModelDiagnostic(DiagnosticTable.OptionWithoutEffect, request.ModelPath, option))];

    private static IEnumerable<string> WithoutEffect(ConversionRequest request)
    {
        if (request.Batch is not null)
            yield return nameof(request.Batch);
        if (request.InputArrays.Count > 0)
            yield return nameof(request.InputArrays);
        if (request.OutputArrays.Count > 0)
            yield return nameof(request.OutputArrays);
    }

    private static IEnumerable<string> KeepFloatOf(ConversionRequest request) => request.KeepFloat.Count > 0 ? [nameof(request.KeepFloat)] : [];

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
    public static Signature OfTensorNames(Subgraph main) => new(
        DefaultKey,
        0,
        Entries(main, main.Inputs),
        Entries(main, main.Outputs));

    /// <summary>Where names are missing or repeat, positions are the keys, as in the runtime.</summary>
    private static SignatureEntry[] Entries(Subgraph main, int[] tensors)
    {
        string[] names = [.. tensors.Select(tensor => main.Tensors[tensor].Name)];
        bool usable = names.All(name => name.Length > 0) && names.Distinct().Count() == names.Length;
        return [.. tensors.Select((tensor, i) => new SignatureEntry(usable ? names[i] : $"#{i}", tensor))];
    }

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
