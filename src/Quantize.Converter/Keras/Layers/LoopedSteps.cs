using Quantize.Converter.Graphs;
using Quantize.Converter.Ops;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Keras.Layers;

/// <summary>
/// The steps of a recurrent layer as a WHILE, for long sequences and those whose length only a run knows. The loop carries: the number of the step, their count,
/// the projection, the mask, the outputs of all steps where they are wanted, the last output where a mask may keep it, and the states. Every one is a tensor of its
/// own.
/// </summary>
internal sealed class LoopedSteps(LayerContext context, Func<LayerContext, RecurrentCell> makeCell)
{
    private const int Step = 0, Count = 1, Projected = 2;

    private bool IsCollected => context.Config.Flag("return_sequences");

    public Sequence Run(Value projected, Value[] states, Value? mask)
    {
        int outputState = makeCell(context).OutputState;
        Value zero = context.Call("ZerosLike", [states[outputState]]);
        List<Value> carried = [ConstantData.Scalar($"{context.Name}/first", 0), context.Arrange.Scalar(Extent.Of(projected, 1)), projected];
        if (mask is not null)
            carried.Add(mask);
        if (IsCollected)
            carried.Add(Buffer(projected, zero));
        if (mask is not null)
            carried.Add(zero);
        carried.AddRange(states);

        var options = new WhileOptions { CondSubgraphIndex = 0, BodySubgraphIndex = 1 };
        Graph[] callees = [Condition(carried), Body(carried, mask is not null, states.Length)];
        Value[] outputs = [.. carried.Select((value, i) => new Value($"{context.Name}/While:{i}", value.Type, value.Shape))];
        Value[] results = context.Scope.Add($"{context.Name}/While", BuiltinOperator.While, options, callees, [.. carried], outputs);
        Value[] final = results[^states.Length..];
        Value last = mask is null ? final[outputState] : results[^(states.Length + 1)];
        return new Sequence(IsCollected ? results[Projected + (mask is null ? 1 : 2)] : last, last, final);
    }

    /// <summary>Zeros for the outputs of all steps.</summary>
    private Value Buffer(Value projected, Value output)
    {
        Extent[] shape = [Extent.Of(projected, 0), Extent.Of(projected, 1), .. Extent.All(output)[1..]];
        return context.Call("Fill", [context.Arrange.Computed(shape), context.Number(0)]);
    }

    private Graph Condition(List<Value> carried)
    {
        (Graph graph, LayerContext inner) = Open("condition", carried);
        graph.Outputs.Add(inner.Emit(BuiltinOperator.Less, graph.Inputs[Step], graph.Inputs[Count]));
        return graph;
    }

    private Graph Body(List<Value> carried, bool isMasked, int stateCount)
    {
        (Graph graph, LayerContext inner) = Open("body", carried);
        Value step = graph.Inputs[Step], place = step;
        Value[] states = [.. graph.Inputs[^stateCount..]];
        if (context.Config.Flag("go_backwards"))
            place = inner.F.Sub(inner.F.Sub(graph.Inputs[Count], inner.F.Number(TensorType.Int32, 1)), step);
        (Value Output, Value[] States) next = makeCell(inner).Step(At(inner, graph.Inputs[Projected], place), states);
        if (isMasked)
            next = SequenceSteps.Masked(inner, At(inner, graph.Inputs[Projected + 1], place), next, graph.Inputs[^(stateCount + 1)], states);

        int unchanged = Projected + (isMasked ? 2 : 1);
        graph.Outputs.Add(inner.F.Add(step, inner.F.Number(TensorType.Int32, 1)));
        graph.Outputs.AddRange(graph.Inputs[Count..unchanged]);
        if (IsCollected)
            graph.Outputs.Add(Updated(inner, graph.Inputs[unchanged], next.Output, step));
        if (isMasked)
            graph.Outputs.Add(next.Output);
        graph.Outputs.AddRange(next.States);
        return graph;
    }

    /// <summary>A graph with an input for each value that is carried.</summary>
    private (Graph Graph, LayerContext Context) Open(string name, List<Value> carried)
    {
        var graph = new Graph($"{context.Name}/{name}", context.Scope.Graph);
        graph.Inputs.AddRange(carried.Select((value, i) => new Value($"{graph.Name}/{i}", value.Type, value.Shape)));
        return (graph, context.In(graph));
    }

    private static Value At(LayerContext inner, Value sequence, Value place) => inner.Arrange.Gather(sequence, place, 1);

    private static Value Updated(LayerContext inner, Value buffer, Value output, Value step)
    {
        Value row = inner.Call("ExpandDims", [output, ConstantData.Scalar($"{inner.Name}/step", 1)]);
        Value zero = inner.F.Number(TensorType.Int32, 0);
        Value[] start = [zero, step, .. Enumerable.Repeat(zero, buffer.Shape.Rank - 2)];
        Value place = inner.Emit(BuiltinOperator.Pack, new PackOptions { ValuesCount = start.Length }, start);
        return inner.Emit(BuiltinOperator.DynamicUpdateSlice, buffer, row, place);
    }
}
