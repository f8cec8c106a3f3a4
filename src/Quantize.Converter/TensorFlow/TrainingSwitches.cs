using Quantize.Build;

namespace Quantize.Converter.TensorFlow;

/// <summary>
/// Placeholders that only choose between training and inference (is_training): the switches that they settle take the side of inference. What tells is the side itself, where a
/// normalization measures its batch or a dropout draws numbers; else the placeholder's name.
/// </summary>
internal sealed class TrainingSwitches
{
    private static readonly HashSet<string> s_draws = new(StringComparer.Ordinal) { "RandomUniform", "RandomStandardNormal", "TruncatedNormal", "StatelessRandomUniform", "StatelessRandomUniformV2" };

    private static readonly string[] s_names = ["training", "is_train", "train_phase", "phase_train", "learning_phase"];

    private readonly ILookup<TfNode, TfNode> _readers;
    private readonly ILookup<TfNode, TfNode> _followers;

    private TrainingSwitches(TfGraph graph)
    {
        _readers = graph.Nodes.SelectMany(node => node.Inputs.Select(input => input.Node).Distinct(), (node, source) => (node, source)).ToLookup(pair => pair.source, pair => pair.node);
        _followers = graph.Nodes.SelectMany(node => node.ControlInputs, (node, source) => (node, source)).ToLookup(pair => pair.source, pair => pair.node);
    }

    /// <summary>A warning for each placeholder that has no effect any more.</summary>
    public static IReadOnlyList<ModelDiagnostic> Settle(TfGraph graph)
    {
        if (!graph.Nodes.Exists(node => node.Op == "Switch"))
            return [];
        var switches = new TrainingSwitches(graph);
        List<ModelDiagnostic> warnings = [];
        foreach (TfNode placeholder in graph.Nodes.Where(IsFlag).ToArray())
        {
            if (switches.TrainingValue(placeholder) is not { } training)
                continue;
            var inference = new TfNode($"{placeholder.Name}/inference", "Const");
            ScalarConstants.Become(inference, TfDataType.Bool, [training ? (byte)0 : (byte)1]);
            graph.Nodes.Add(inference);
            foreach (TfNode reader in switches._readers[placeholder])
                Rewire(reader, placeholder, inference);
            warnings.Add(new ModelDiagnostic(DiagnosticTable.TrainingFlag, graph.File, placeholder.Name));
        }

        return warnings;
    }

    private static void Rewire(TfNode reader, TfNode from, TfNode to)
    {
        for (int i = 0; i < reader.Inputs.Count; i++)
        {
            if (reader.Inputs[i].Node == from)
                reader.Inputs[i] = new TfEdge(to, 0);
        }
    }

    private static bool IsFlag(TfNode node) => node.Op == "Placeholder" && node.Attribute("dtype", TfDataType.Invalid) == TfDataType.Bool;

    /// <summary>What the placeholder is fed in training; null where it is more than such a flag.</summary>
    private bool? TrainingValue(TfNode placeholder)
    {
        List<(TfNode Switch, bool IsInverted)> switches = [];
        if (!Collect(placeholder, false, switches) || switches.Count == 0)
            return null;
        var values = new HashSet<bool>();
        foreach ((TfNode node, bool isInverted) in switches)
        {
            for (int side = 0; side < 2; side++)
            {
                if (Trains(node, side) is { } trains)
                    values.Add(trains == ((side == 1) != isInverted));
            }
        }

        bool named = Array.Exists(s_names, name => placeholder.Name.Contains(name, StringComparison.OrdinalIgnoreCase));
        return values.Count switch { 0 => named ? true : null, 1 => values.Single(), _ => null };
    }

    /// <summary>False where something else than switches, and their predicates' copies and opposites, reads the flag.</summary>
    private bool Collect(TfNode flag, bool isInverted, List<(TfNode Switch, bool IsInverted)> switches)
    {
        foreach (TfNode reader in _readers[flag])
        {
            switch (reader.Op)
            {
                case "Switch" when reader.Inputs[1].Node == flag:
                    switches.Add((reader, isInverted));
                    break;
                case "Identity" or "LogicalNot":
                    if (!Collect(reader, isInverted != (reader.Op == "LogicalNot"), switches))
                        return false;
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    /// <summary>Whether a side of a switch is that of training; null where nothing on it tells.</summary>
    private bool? Trains(TfNode node, int side)
    {
        HashSet<TfNode> seen = [];
        var open = new Stack<TfNode>(_readers[node].Where(reader => reader.Inputs.Contains(new TfEdge(node, side))));
        while (open.TryPop(out TfNode? next))
        {
            if (next.Op == "Merge" || !seen.Add(next))
                continue;
            if (Trains(next) is { } trains)
                return trains;
            foreach (TfNode reader in _readers[next].Concat(_followers[next]))
                open.Push(reader);
        }

        return null;
    }

    private static bool? Trains(TfNode node) => node.Op switch
    {
        "FusedBatchNorm" or "FusedBatchNormV2" or "FusedBatchNormV3" => node.Attribute("is_training", true),
        "SquaredDifference" when node.Inputs.Exists(input => input.Node.Op == "StopGradient") => true,
        _ => s_draws.Contains(node.Op) ? true : null,
    };
}
