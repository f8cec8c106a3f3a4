using Quantize.Build;
using Quantize.Converter.TensorFlow.Protos;

namespace Quantize.Converter.TensorFlow;

/// <summary>
/// What a SavedModel keeps beside its graph: variables' values and assets. A variable's key in the checkpoint is found through the model's restore operations, else
/// through the object graph, else by its name.
/// </summary>
internal sealed class SavedState
{
    private readonly string _file;
    private readonly MetaGraphDef _meta;
    private readonly bool _valuesNeeded;
    private readonly Lazy<VariableBundle>? _bundle;
    private Dictionary<string, CheckpointKey> _keys = new(StringComparer.Ordinal);
    private Lazy<Dictionary<string, CheckpointKey>> _objectKeys = new([]);

    private SavedState(string file, MetaGraphDef meta, bool valuesNeeded, Lazy<VariableBundle>? bundle) =>
        (_file, _meta, _valuesNeeded, _bundle) = (file, meta, valuesNeeded, bundle);

    /// <summary>The state of a bare graph: none.</summary>
    public static SavedState None(string file) => new(file, new MetaGraphDef(), valuesNeeded: true, null);

    public static SavedState Of(string file, MetaGraphDef meta, bool valuesNeeded)
    {
        string prefix = Path.Combine(Path.GetDirectoryName(file) ?? "", "variables", "variables");
        return new SavedState(file, meta, valuesNeeded, new Lazy<VariableBundle>(() => VariableBundle.Open(prefix)));
    }

    /// <summary>Edges to inline beside the outputs: they tell keys, and fill tables.</summary>
    public IEnumerable<TfEdge> Roots(TfGraph graph)
    {
        string[] names = [RestoreName, .. InitializerNames()];
        return graph.Nodes.Where(node => names.Contains(node.Name)).Select(node => new TfEdge(node, 0));
    }

    /// <summary>Looks at the inlined graph for what variables are called in the checkpoint.</summary>
    public void FindKeys(TfGraph graph)
    {
        if (graph.Nodes.Find(node => node.Name == RestoreName) is { } restore)
            _keys = RestoredKeys.Find(restore);
    }

    /// <summary>The object graph's view, for variables that no restore operation names; the bundle is opened only then.</summary>
    public void UseObjectGraph(IReadOnlyDictionary<string, int> objectOfVariable) => _objectKeys =
        new Lazy<Dictionary<string, CheckpointKey>>(() => ObjectGraphKeys.Find(_meta.ObjectGraphDef, objectOfVariable, _bundle!.Value));

    /// <summary>Nodes that fill the tables which the outputs need, though no output needs them.</summary>
    public IEnumerable<TfNode> TableInitializers(TfGraph graph, IEnumerable<TfNode> outputs)
    {
        HashSet<TfNode> needed = GraphPruning.Reachable(outputs);
        TfNode[] initializers = [.. graph.Nodes.Where(node => IsTableInitializer(node) && needed.Contains(Variables.Source(node.Inputs[0]).Node))];
        if (_valuesNeeded)
            CheckAssets(initializers);
        return initializers;
    }

    /// <summary>The value saved for a variable; null, with a problem told, where there is none that fits.</summary>
    public TfTensor? Value(TfNode variable, List<ModelDiagnostic> problems)
    {
        TfDataType type = variable.Attribute("dtype", TfDataType.Invalid);
        TfShape shape = variable.Attribute("shape", TfShape.Unknown);
        if (_bundle is null)
            return Problem("the graph is not frozen and no checkpoint belongs to it");
        if (!_valuesNeeded && StaticShape(shape) is { } known)
            return new TfTensor(type, known, () => Read(variable).Bytes);
        TfTensor? value = Find(variable);
        if (value is null)
            return Problem($"the checkpoint {_bundle.Value.File} does not hold it");
        if (value.Type != type)
            return Problem($"the checkpoint holds it as {value.Type}, the graph has {type}");
        return Fits(value.Shape, shape)
            ? value
            : Problem($"the checkpoint holds it with the shape [{string.Join(',', value.Shape)}], the graph has [{string.Join(',', shape.Dimensions!)}]");

        TfTensor? Problem(string fact)
        {
            problems.Add(new ModelDiagnostic(DiagnosticTable.VariableWithoutValue, _file, Variables.Name(variable), fact));
            return null;
        }
    }

    private string RestoreName => GraphDefReader.Split(_meta.SaverDef?.RestoreOpName ?? "").Name;

    private TfTensor Read(TfNode variable) => Find(variable)
        ?? throw new ConversionException(DiagnosticTable.VariableWithoutValue, _file, Variables.Name(variable), $"the checkpoint {_bundle!.Value.File} does not hold it");

    private TfTensor? Find(TfNode variable)
    {
        string identity = Variables.Identity(variable);
        CheckpointKey byName = new(Variables.Name(variable), "");
        if (!_keys.TryGetValue(identity, out CheckpointKey key) && !_objectKeys.Value.TryGetValue(identity, out key))
            key = byName;
        return _bundle!.Value.Find(key);
    }

    private static int[]? StaticShape(TfShape shape) =>
        shape.Dimensions is { } dimensions && dimensions.All(size => size is >= 0 and <= int.MaxValue) ? [.. dimensions.Select(size => (int)size)] : null;

    private static bool Fits(int[] saved, TfShape declared) =>
        declared.Dimensions is not { } dimensions
        || (dimensions.Length == saved.Length && dimensions.Zip(saved).All(pair => pair.First < 0 || pair.First == pair.Second));

    private IEnumerable<string> InitializerNames()
    {
        if (_meta.SignatureDef.TryGetValue(SignatureReader.InitializerKey, out SignatureDef? signature))
        {
            foreach (TensorInfo output in signature.Outputs.Values)
                yield return GraphDefReader.Split(output.Name).Name;
        }

        foreach (string collection in (string[])["saved_model_main_op", "legacy_init_op", "table_initializer"])
        {
            if (_meta.CollectionDef.TryGetValue(collection, out CollectionDef? names))
            {
                foreach (string name in names.NodeList?.Value ?? [])
                    yield return GraphDefReader.Split(name).Name;
            }
        }
    }

    private static bool IsTableInitializer(TfNode node) => node.Inputs.Count > 0
        && node.Op is "InitializeTable" or "InitializeTableV2" or "InitializeTableFromTextFile" or "InitializeTableFromTextFileV2"
            or "LookupTableImport" or "LookupTableImportV2";

    /// <summary>An asset is a constant that the loader fills with a path; it becomes that path here.</summary>
    private void CheckAssets(TfNode[] initializers)
    {
        string folder = Path.Combine(Path.GetDirectoryName(_file) ?? "", "assets");
        HashSet<TfNode> needed = GraphPruning.Reachable(initializers);
        foreach (AssetFileDef asset in _meta.AssetFileDef)
        {
            string name = GraphDefReader.Split(asset.TensorInfo?.Name ?? "").Name;
            if (needed.FirstOrDefault(node => node.Op == "Const" && node.Name == name) is not { } node)
                continue;
            string path = Path.Combine(folder, Path.GetFileName(asset.Filename));
            if (!File.Exists(path))
                throw new ConversionException(DiagnosticTable.AssetNotFound, _file, name, asset.Filename);
            node.Attributes["value"] = new TfTensor([], [System.Text.Encoding.UTF8.GetBytes(path)]);
        }
    }
}
