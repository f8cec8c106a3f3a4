using Quantize.Build;

namespace Quantize.Converter.TensorFlow;

/// <summary>
/// Variables that nothing needed writes to become constants: the node of the variable itself becomes the Const, reads become Identity, gathers read the constant.
/// A variable that is written stays, with its saved value as the attribute <c>initial_value</c>.
/// </summary>
internal sealed class VariableFreezing
{
    private static readonly Dictionary<string, Action<TfGraph, TfNode, TfDataType>> Readers = new(StringComparer.Ordinal)
    {
        ["Identity"] = (_, node, type) => Become(node, "Identity", type),
        ["ReadVariableOp"] = (_, node, type) => Become(node, "Identity", type),
        ["ResourceGather"] = Gather,
        ["ResourceGatherNd"] = GatherNd,
        ["VariableShape"] = Shape,
        ["VarIsInitializedOp"] = True,
        ["IsVariableInitialized"] = True,
    };

    private readonly SavedState _state;
    private readonly List<ModelDiagnostic> _problems = [];
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TfTensor?> _values = new(StringComparer.Ordinal);

    private VariableFreezing(SavedState state) => _state = state;

    public static void Run(TfGraph graph, SavedState state)
    {
        var freezing = new VariableFreezing(state);
        TfGraph[] graphs = [graph, .. graph.Functions.Values.Select(function => function.Body)];
        graphs = [.. graphs.Where(one => one.Nodes.Exists(Variables.IsVariable))];
        foreach (TfGraph one in graphs)
            freezing.FindWritten(one);
        foreach (TfGraph one in graphs)
            freezing.Freeze(one);
        if (freezing._problems.Count > 0)
            throw new ConversionException(freezing._problems);
    }

    /// <summary>A handle given to anything but a reader may be written through; a reference is written by those that are known to.</summary>
    private void FindWritten(TfGraph graph)
    {
        foreach (TfNode node in graph.Nodes)
        {
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                if (Variables.Behind(node.Inputs[i]) is { } variable && Writes(graph, node, i, variable))
                    _written.Add(Variables.Identity(variable));
            }
        }
    }

    private static bool Writes(TfGraph graph, TfNode node, int input, TfNode variable) => Variables.IsHandle(variable)
        ? !Readers.ContainsKey(node.Op)
        : input == 0 && SideEffects.IsWriter(node, graph.Functions);

    private void Freeze(TfGraph graph)
    {
        var frozen = new Dictionary<TfNode, TfDataType>();
        foreach (TfNode node in graph.Nodes.Where(Variables.IsVariable).ToArray())
        {
            if (Value(node) is not { } value)
                continue;
            if (_written.Contains(Variables.Identity(node)))
            {
                node.Attributes["initial_value"] = value;
                continue;
            }

            frozen[node] = value.Type;
            Become(node, value);
        }

        foreach (TfNode node in graph.Nodes.Where(node => node.Inputs.Count > 0 && Readers.ContainsKey(node.Op)).ToArray())
        {
            if (frozen.TryGetValue(Variables.Source(node.Inputs[0]).Node, out TfDataType type))
                Readers[node.Op](graph, node, type);
        }
    }

    private TfTensor? Value(TfNode node)
    {
        string identity = Variables.Identity(node);
        if (!_values.TryGetValue(identity, out TfTensor? value))
            _values[identity] = value = _state.Value(node, _problems);
        return value;
    }

    private static void Become(TfNode node, TfTensor value)
    {
        node.Op = "Const";
        node.Attributes.Clear();
        node.Attributes["dtype"] = value.Type;
        node.Attributes["value"] = value;
    }

    private static void Become(TfNode node, string op, TfDataType type)
    {
        node.Op = op;
        node.Attributes["T"] = type;
    }

    private static void Gather(TfGraph graph, TfNode node, TfDataType type)
    {
        long batchDimensions = node.Attribute("batch_dims", 0L);
        var axis = new TfNode(node.Name + "/axis", "Const");
        Become(axis, new TfTensor(TfDataType.Int32, [], BitConverter.GetBytes((int)batchDimensions)));
        graph.Nodes.Add(axis);
        node.Inputs.Add(new TfEdge(axis, 0));
        node.Op = "GatherV2";
        node.Attributes["Tparams"] = type;
        node.Attributes["Taxis"] = TfDataType.Int32;
    }

    private static void GatherNd(TfGraph graph, TfNode node, TfDataType type)
    {
        node.Op = "GatherNd";
        node.Attributes["Tparams"] = type;
    }

    private static void Shape(TfGraph graph, TfNode node, TfDataType type) => Become(node, "Shape", type);

    private static void True(TfGraph graph, TfNode node, TfDataType type)
    {
        node.Inputs.Clear();
        Become(node, new TfTensor(TfDataType.Bool, [], new byte[] { 1 }));
    }
}
