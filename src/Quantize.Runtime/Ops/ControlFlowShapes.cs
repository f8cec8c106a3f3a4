using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>Shape rules of the operators that run subgraphs, for a context that knows the subgraphs by their results.</summary>
internal static class ControlFlowShapes
{
    public static void If(ShapeContext context)
    {
        var options = context.OptionsAs<IfOptions>();
        IReadOnlyList<InferredTensor> whenTrue = context.Call(options.ThenSubgraphIndex, Arguments(context, 1)), whenFalse = context.Call(options.ElseSubgraphIndex, Arguments(context, 1));
        if (whenTrue.Count != context.OutputCount || whenFalse.Count != context.OutputCount)
            throw context.Fail($"has {context.OutputCount} outputs, but its branches give {whenTrue.Count} and {whenFalse.Count}");
        for (int i = 0; i < whenTrue.Count; i++)
        {
            if (whenTrue[i].Type != whenFalse[i].Type)
                throw context.Fail($"gives {whenTrue[i].Type} or {whenFalse[i].Type} as output {i}");
            context.Output(i, whenTrue[i].Type, Common(context, whenTrue[i].Shape, whenFalse[i].Shape, $"if{i}"));
        }
    }

    public static void Call(ShapeContext context, int subgraph)
    {
        IReadOnlyList<InferredTensor> results = context.Call(subgraph, Arguments(context, 0));
        if (results.Count != context.OutputCount)
            throw context.Fail($"has {context.OutputCount} outputs, but its subgraph gives {results.Count}");
        for (int i = 0; i < results.Count; i++)
            context.Output(i, results[i].Type, results[i].Shape);
    }

    /// <summary>What an iteration may change is not known: the dimensions that body leaves as they were stay.</summary>
    public static void While(ShapeContext context)
    {
        var options = context.OptionsAs<WhileOptions>();
        InferredTensor[] state = Arguments(context, 0);
        bool settled = false;
        while (!settled)
        {
            IReadOnlyList<InferredTensor> next = context.Call(options.BodySubgraphIndex, state);
            if (next.Count != state.Length || context.OutputCount != state.Length)
                throw context.Fail($"carries {state.Length} tensors, but its body gives {next.Count} and it has {context.OutputCount} outputs");
            settled = true;
            for (int i = 0; i < state.Length; i++)
            {
                if (next[i].Type != state[i].Type)
                    throw context.Fail($"carries {state[i].Type} as tensor {i}, but its body gives {next[i].Type}");
                Shape common = Common(context, state[i].Shape, next[i].Shape, $"loop{i}");
                settled &= common.Equals(state[i].Shape);
                state[i] = state[i] with { Shape = common };
            }
        }

        for (int i = 0; i < state.Length; i++)
            context.Output(i, state[i].Type, state[i].Shape);
    }

    private static InferredTensor[] Arguments(ShapeContext context, int first) =>
        [.. Enumerable.Range(first, context.InputCount - first).Select(i => new InferredTensor(context.Type(i), context.Shape(i)))];

    /// <summary>The dimensions in which both agree; a symbol of <paramref name="name"/> where they do not.</summary>
    private static Shape Common(ShapeContext context, Shape a, Shape b, string name)
    {
        if (!a.HasRank || !b.HasRank || a.Rank != b.Rank)
            return Shape.Unknown;
        return Shape.Of([.. a.Dimensions.Select((dimension, axis) => dimension == b[axis] ? dimension : context.Open($"{name}.{axis}"))]);
    }
}
