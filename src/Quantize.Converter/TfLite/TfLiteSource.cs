using System.Globalization;
using System.Text;
using Quantize.Build;
using Quantize.Converter.Graphs;
using Quantize.Converter.Labels;
using Quantize.Converter.Quantization;
using Quantize.Converter.Reports;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Planning;

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

    /// <summary>The file as it is; null where something in it is to change.</summary>
    public static ConversionResult? Take(ConversionRequest request) => request.Quantizes && !request.SignatureOnly ? null : WithModel(request, (model, bytes) =>
    {
        var facts = new ConversionFacts(ModelSource.TfLite, EightBitWeights.Of(model), CustomCodes.Of(model).Length > 0);
        (ModelSignature signature, IReadOnlyList<ModelDiagnostic> warnings) = Describe(model, bytes, request);
        if (request.SignatureOnly)
            return new ConversionResult { Model = ReadOnlyMemory<byte>.Empty, Signature = signature };
        if (facts.Weights.MeetFloats && request.Arithmetic is { } asked && asked != Recorded(model))
            return null;
        return new ConversionResult
        {
            Model = bytes,
            Signature = signature,
            Warnings = [.. warnings, .. OptionsWithoutEffect.Find(request, facts)],
            Report = new ConversionReport([], bytes.Length, bytes.Length),
        };
    });

    /// <summary>The file as graphs that can be changed, and what its methods look like.</summary>
    public static (Module Module, ModelSignature Signature, IReadOnlyList<ModelDiagnostic> Warnings) Open(ConversionRequest request) => WithModel(request, (model, bytes) =>
    {
        (ModelSignature signature, IReadOnlyList<ModelDiagnostic> warnings) = Describe(model, bytes, request);
        Module module = TfLiteGraphReader.Read(model, request.SignatureKey);
        return (HaveDistinctOutputs(module) ? module with { Kept = FileMetadata.Keep(model, bytes) } : module, signature, warnings);
    });

    /// <summary>An output that a graph states twice is written once, and those behind it move: metadata counts them.</summary>
    private static bool HaveDistinctOutputs(Module module) => module.EntryPoints.All(entryPoint => entryPoint.Graph.Outputs.Distinct().Count() == entryPoint.Graph.Outputs.Count);

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

    private static ArithmeticForm Recorded(TfLiteModel model) =>
        CompiledModel.RecordedArithmetic(model) == Arithmetic.Fast ? ArithmeticForm.Fast : ArithmeticForm.Precise;

    /// <summary>Empty where the file has 8-bit weights of its own: by which scheme it does not tell.</summary>
    private static string Quantization(ConversionRequest request, TfLiteModel model)
    {
        QuantizationScheme scheme = request.Quantization ?? QuantizationScheme.None;
        return scheme == QuantizationScheme.None && EightBitWeights.Of(model).Any ? "" : scheme.ToString();
    }

    private static (ModelSignature Signature, IReadOnlyList<ModelDiagnostic> Warnings) Describe(TfLiteModel model, byte[] bytes, ConversionRequest request)
    {
        Signature[] all = model.Signatures.Length > 0 ? model.Signatures : [OfTensorNames(model.Subgraphs[0])];
        Signature[] signatures = [.. all.Where(signature => request.SignatureKey is null || signature.Key == request.SignatureKey)];
        if (signatures.Length == 0)
        {
            string known = string.Join(", ", all.Select(signature => signature.Key).Order(StringComparer.Ordinal));
            throw new ConversionException(DiagnosticTable.SignatureNotFound, request.ModelPath, request.SignatureKey!, known);
        }

        UnknownBuiltins.Check(model, request.ModelPath);
        string[] customCodes = CustomCodes.Of(model);
        CustomCodes.Check(customCodes, request);
        IEnumerable<Signature> inOrder = signatures.OrderBy(signature => signature.Key != DefaultKey);
        IEnumerable<BuiltinOperator> codes = model.Subgraphs.SelectMany(subgraph => subgraph.Operators).Select(node => node.Code).Where(code => code != BuiltinOperator.Custom);
        RunSizedOutputs runSized = RunSizedOutputs.Of(bytes);
        FileMetadata metadata = FileMetadata.Of(model, bytes, request.ModelPath);
        var described = new ModelSignature
        {
            Source = Path.GetFileName(request.ModelPath),
            Quantization = Quantization(request, model),
            Arithmetic = (request.Arithmetic ?? Recorded(model)).ToString(),
            Operators = new(codes.Distinct().Order().Select(code => code.ToString())),
            Methods = new(inOrder.Select(signature => Method(signature, model.Subgraphs[signature.Subgraph], runSized, metadata))),
            CustomOperators = customCodes.Length > 0 ? request.CustomOperators! : "",
            IsStateful = SubgraphCalls.ChangesState(model),
            FloatBytes = 0,
            ModelBytes = bytes.Length,
        };
        return (GivenLabels.Apply(described, request), metadata.Warnings);
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

    private static SignatureMethod Method(Signature signature, Subgraph subgraph, RunSizedOutputs runSized, FileMetadata metadata) => new(
        signature.Key,
        new(signature.Inputs.Select(entry => metadata.OfInput(
            Describe(entry, subgraph, OpenDimension.Name), signature.Subgraph, Array.IndexOf(subgraph.Inputs, entry.Tensor)))),
        new(signature.Outputs.Select(entry => metadata.OfOutput(
            Describe(entry, subgraph, runSized.Has(signature.Key, entry.Key) ? OpenDimension.OfRun : OpenDimension.Name),
            signature.Subgraph,
            Array.IndexOf(subgraph.Outputs, entry.Tensor)))));

    private static SignatureTensor Describe(SignatureEntry entry, Subgraph subgraph, Func<string, int, string> open)
    {
        Tensor tensor = subgraph.Tensors[entry.Tensor];
        QuantizationParameters? perTensor = tensor.Quantization is { PerChannel: false } quantization ? quantization : null;
        return new SignatureTensor(
            entry.Key,
            tensor.Name,
            tensor.Type.ToString(),
            new(tensor.ShapeSignature.Select((length, axis) => length >= 0 ? length.ToString(CultureInfo.InvariantCulture) : open(entry.Key, axis))),
            perTensor?.Scales[0] ?? 0,
            (int)(perTensor?.ZeroPoints[0] ?? 0));
    }
}
