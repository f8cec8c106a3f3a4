using Quantize.Build;
using Quantize.Converter.TensorFlow.Protos;

namespace Quantize.Converter.TensorFlow;

/// <summary>The signatures of a MetaGraph, resolved to edges.</summary>
internal sealed class SignatureReader
{
    public const string InitializerKey = "__saved_model_init_op";
    private const string TrainKey = "__saved_model_train_op";

    private readonly Dictionary<string, TfNode> _nodes;
    private readonly string _file;
    private readonly List<ModelDiagnostic> _problems = [];

    private SignatureReader(TfGraph graph)
    {
        _file = graph.File;
        _nodes = graph.Nodes.ToDictionary(node => node.Name, StringComparer.Ordinal);
    }

    /// <summary>The one asked for, or all that give something, in ordinal order of their keys.</summary>
    public static IReadOnlyList<TfSignature> Read(MetaGraphDef meta, TfGraph graph, string? onlyKey)
    {
        string[] keys = [.. meta.SignatureDef.Where(pair => IsEntryPoint(pair.Key, pair.Value)).Select(pair => pair.Key).Order(StringComparer.Ordinal)];
        if (keys.Length == 0)
            throw new ConversionException(DiagnosticTable.NoSignature, graph.File);
        if (onlyKey is not null && !keys.Contains(onlyKey))
            throw new ConversionException(DiagnosticTable.SignatureNotFound, graph.File, onlyKey, string.Join(", ", keys));

        var reader = new SignatureReader(graph);
        TfSignature[] signatures = [.. keys.Where(key => onlyKey is null || key == onlyKey).Select(key => reader.Signature(key, meta.SignatureDef[key]))];
        return reader._problems.Count == 0 ? signatures : throw new ConversionException(reader._problems);
    }

    private static bool IsEntryPoint(string key, SignatureDef signature) =>
        key is not (InitializerKey or TrainKey) && signature.Outputs.Count > 0;

    private TfSignature Signature(string key, SignatureDef definition) =>
        new(key, Tensors(key, definition.Inputs), Tensors(key, definition.Outputs));

    private List<TfSignatureTensor> Tensors(string signature, IDictionary<string, TensorInfo> tensors)
    {
        var read = new List<TfSignatureTensor>();
        foreach ((string key, TensorInfo info) in tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            (string name, int output) = GraphDefReader.Split(info.Name);
            if (info.EncodingCase != TensorInfo.EncodingOneofCase.Name)
                Unsupported(signature, key, info.EncodingCase == TensorInfo.EncodingOneofCase.CooSparse ? "a sparse tensor" : "a composite tensor (ragged or the like)");
            else if (_nodes.TryGetValue(name, out TfNode? node))
                read.Add(new TfSignatureTensor(key, new TfEdge(node, output), TfDataTypes.Of(info.Dtype), AttributeReader.Shape(info.TensorShape)));
            else
                _problems.Add(new ModelDiagnostic(DiagnosticTable.ModelDamaged, _file, $"signature '{signature}' names '{info.Name}', which the graph does not have"));
        }

        return read;
    }

    private void Unsupported(string signature, string key, string kind) =>
        _problems.Add(new ModelDiagnostic(DiagnosticTable.SignatureTensorUnsupported, _file, signature, key, kind));
}
