using Quantize.Build;
using Quantize.Converter.Graphs;
using Quantize.Converter.Passes.Recurrent;

namespace Quantize.Converter.Passes;

/// <summary>The rewrites, in order. The first list is run until nothing changes any more, the second once behind it; the graph is checked after each.</summary>
internal static class PassPipeline
{
    /// <summary>A graph that still changes after so many rounds is changed back and forth.</summary>
    private const int MostRounds = 100;

    public static readonly IReadOnlyList<Pass> Simplifying =
    [
        new("common nodes", CommonNodes.Run),
        new("settled calls", SettledCalls.Run),
        new("carried tensors", CarriedTensors.Run),
        new("shape folding", ShapeFolding.Run),
        new("constant folding", ConstantFolding.Run),
        new("zero products", ZeroProducts.Run),
        new("identity removal", IdentityRemoval.Run),
        new("reshape merging", ReshapeMerging.Run),
        new("transpose sinking", TransposeSinking.Run),
        new("dilated convolutions", DilatedConvolutions.Run),
        new("dense reshapes", DenseReshapes.Run),
        new("kept dimensions", KeptDimensions.Run),
        new("reshape sinking", ReshapeSinking.Run),
        new("batch-norm folding", BatchNormFolding.Run),
        new("bias fusion", BiasFusion.Run),
        new("known functions", KnownFunctions.Run),
        new("activation fusion", ActivationFusion.Run),
        new("recurrent loops", RecurrentLoops.Run),
        new("dead nodes", DeadNodes.Run),
    ];

    public static readonly IReadOnlyList<Pass> Finishing =
    [
        new("hoisted products", HoistedProducts.Run),
        new("carried tensors", CarriedTensors.Run),
        new("plain transposes", PlainTransposes.Run),
        new("reshape merging", ReshapeMerging.Run),
        new("dead nodes", DeadNodes.Run),
        new("missing biases", MissingBiases.Run),
        new("common constants", CommonConstants.Run),
    ];

    public static void Run(Module module, string file)
    {
        foreach (Graph graph in module.Graphs)
            Check(graph, "import", file);
        int round = 0;
        while (Simplify(module, file))
        {
            if (++round == MostRounds)
                throw new ConversionException(DiagnosticTable.PassFault, file, "all", module.Graphs[0].Name, $"it still changes after {MostRounds} rounds");
        }

        foreach (Graph graph in module.Graphs)
            RunAll(Finishing, graph, file);
    }

    /// <summary>A graph before those that it runs: what it gives them may become known. What they give may in turn be known then.</summary>
    private static bool Simplify(Module module, string file)
    {
        bool changed = false;
        foreach (Graph graph in module.Graphs)
            changed |= module.Graphs.Contains(graph) && RunAll(Simplifying, graph, file);
        return changed;
    }

    private static bool RunAll(IReadOnlyList<Pass> passes, Graph graph, string file)
    {
        bool changed = false;
        foreach (Pass pass in passes)
        {
            if (!pass.Run(graph))
                continue;
            changed = true;
            Check(graph, pass.Name, file);
        }

        return changed;
    }

    private static void Check(Graph graph, string pass, string file)
    {
        if (GraphChecker.Fault(graph) is { } fault)
            throw new ConversionException(DiagnosticTable.PassFault, file, pass, graph.Name, fault);
    }
}
