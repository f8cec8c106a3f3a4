using Quantize.Build;

namespace Quantize.Converter.TensorFlow;

/// <summary>
/// Placeholders that only tell a dropout how much to keep (or to drop): a model that is run keeps everything. A probability to keep is added to a random number, and what is
/// kept is divided by it; a rate is compared with a random number, and taken from 1.
/// </summary>
internal static class DropoutPlaceholders
{
    /// <summary>A warning for each placeholder that has no effect any more.</summary>
    public static IReadOnlyList<ModelDiagnostic> Settle(TfGraph graph)
    {
        List<ModelDiagnostic> warnings = [];
        if (!graph.Nodes.Exists(node => node.Op is "RandomUniform" or "StatelessRandomUniform" or "StatelessRandomUniformV2"))
            return warnings;
        foreach (TfNode placeholder in graph.Nodes.Where(node => node.Op == "Placeholder" && node.Attribute("dtype", TfDataType.Invalid) == TfDataType.Float32).ToArray())
        {
            TfNode[] readers = [.. graph.Nodes.Where(node => node.Inputs.Exists(input => input.Node == placeholder))];
            if (Resting(readers, placeholder) is not { } number)
                continue;
            var resting = new TfNode($"{placeholder.Name}/inference", "Const");
            ScalarConstants.Become(resting, TfDataType.Float32, BitConverter.GetBytes(number));
            graph.Nodes.Add(resting);
            foreach (TfNode reader in readers)
                reader.Inputs[reader.Inputs.FindIndex(input => input.Node == placeholder)] = new TfEdge(resting, 0);
            warnings.Add(new ModelDiagnostic(DiagnosticTable.TrainingFlag, graph.File, placeholder.Name));
        }

        return warnings;
    }

    /// <summary>What the placeholder is where a model is only run; null where it is more than that.</summary>
    private static float? Resting(TfNode[] readers, TfNode placeholder)
    {
        if (readers.Length > 0 && Array.Exists(readers, Adds) && Array.TrueForAll(readers, reader => Adds(reader) || Divides(reader)))
            return 1;
        return Array.Exists(readers, Compares) && Array.TrueForAll(readers, reader => Compares(reader) || Complements(reader)) ? 0 : null;

        bool Adds(TfNode node) => node.Op is "Add" or "AddV2" && RestingDropout.IsDrawn(node.Inputs[0].Node == placeholder ? node.Inputs[1] : node.Inputs[0]);
        bool Divides(TfNode node) => node.Op is "RealDiv" or "Div" && node.Inputs[1].Node == placeholder && node.Inputs[0].Node != placeholder;
        bool Compares(TfNode node) => node.Op == "GreaterEqual" && node.Inputs[1].Node == placeholder && RestingDropout.IsDrawn(node.Inputs[0]);
        bool Complements(TfNode node) => node.Op == "Sub" && node.Inputs[1].Node == placeholder && ScalarConstants.Number(node.Inputs[0]) == 1;
    }
}
