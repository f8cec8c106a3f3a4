namespace Quantize.Converter.TensorFlow;

/// <summary>What every TensorFlow source goes through once its graph and signatures are known, in this order.</summary>
internal static class GraphPreparation
{
    public static TfModel Run(TfGraph graph, IReadOnlyList<TfSignature> signatures, FunctionLibrary library, SavedState state)
    {
        signatures = GraphCut.Apply(graph, signatures);
        var inliner = new FunctionInliner(graph, library);
        inliner.Run([.. Outputs(signatures), .. state.Roots(graph)]);
        signatures = Moved(signatures, inliner.Forward);
        state.FindKeys(graph);

        IReadOnlyList<TfNode> roots = [.. Ends(signatures), .. state.TableInitializers(graph, Ends(signatures))];
        GraphPruning.Run(graph, roots);
        signatures = Moved(signatures, ResourceArguments.Lift(graph));
        VariableFreezing.Run(graph, state);
        signatures = Moved(signatures, SettledSwitches.Run(graph));
        RestingDropout.Run(graph);
        GeluFormulas.Run(graph);
        TensorArrays.Run(graph);
        WhileFrames.Run(graph);
        GraphPruning.Run(graph, [.. Ends(signatures), .. state.TableInitializers(graph, Ends(signatures))]);
        SwitchBranches.Run(graph);
        CaseChains.Run(graph);
        GraphPruning.Run(graph, [.. Ends(signatures), .. state.TableInitializers(graph, Ends(signatures))]);
        UniqueNames.Run(graph, signatures.SelectMany(signature => signature.Inputs).Select(input => input.Edge.Node));
        CheckOrder(graph, signatures);
        return new TfModel(graph, signatures);
    }

    private static IEnumerable<TfEdge> Outputs(IReadOnlyList<TfSignature> signatures) =>
        signatures.SelectMany(signature => signature.Outputs).Select(output => output.Edge);

    private static IEnumerable<TfNode> Ends(IReadOnlyList<TfSignature> signatures) => signatures
        .SelectMany(signature => signature.Inputs.Concat(signature.Outputs))
        .Select(tensor => tensor.Edge.Node);

    private static IReadOnlyList<TfSignature> Moved(IReadOnlyList<TfSignature> signatures, Func<TfEdge, TfEdge> forward) =>
        [.. signatures.Select(signature => signature with { Outputs = [.. signature.Outputs.Select(output => output with { Edge = forward(output.Edge) })] })];

    /// <summary>A graph that leaves this room has no cycle but those of TF1 loops.</summary>
    private static void CheckOrder(TfGraph graph, IReadOnlyList<TfSignature> signatures)
    {
        graph.TopologicalOrder(Outputs(signatures));
        foreach (TfFunction function in graph.Functions.Values)
            function.Body.TopologicalOrder(function.Results);
    }
}
