using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Passes.Recurrent;

/// <summary>
/// A dense layer on one step of a sequence, within a loop over all steps, stands before the loop and takes all steps at once: its weights are fetched once for many rows, not in every iteration. The
/// loop reads one step of what it gives.
/// </summary>
internal static class HoistedProducts
{
    public static bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
        {
            Node loop = node;
            while (StepLoop.Of(loop) is { } steps && steps.Body.Nodes.FirstOrDefault(product => Sequence(steps, product) is not null) is { } product)
            {
                loop = Hoist(graph, steps, product, Sequence(steps, product)!);
                changed = true;
            }
        }

        return changed;
    }

    private static StepSequence? Sequence(StepLoop loop, Node product)
    {
        bool isPlain = product is { Code: BuiltinOperator.FullyConnected, Options: FullyConnectedOptions { WeightsFormat: WeightsFormat.Default } } && product.Input(1)!.IsConstant && product.Input(2) is null or { IsConstant: true };
        return isPlain && product.Output.Shape is { HasRank: true, Rank: 2 } && product.Input(0)!.Shape is { HasRank: true, Rank: 2 } ? loop.At(product.Input(0)!) : null;
    }

    private static Node Hoist(Graph graph, StepLoop loop, Node product, StepSequence sequence)
    {
        Value products = AllSteps(graph, loop, product, sequence.Steps);
        Node gather = product.Input(0)!.Producer!;
        var argument = new Value(products.Name, TensorType.Float32, products.Shape);
        var step = new Node(product.Name, BuiltinOperator.Gather, gather.Options, [argument, gather.Input(1)], [product.Output]);
        loop.Body.Nodes[loop.Body.Nodes.IndexOf(product)] = step;
        product.ClearInputs();
        return Carry(graph, loop.Node, products, argument);
    }

    /// <summary>The dense layer on the whole sequence, before the loop.</summary>
    private static Value AllSteps(Graph graph, StepLoop loop, Node product, Value steps)
    {
        Value?[] operands = [steps, ConstantData.Copy(product.Input(1)!), .. product.Inputs.Skip(2).Select(bias => bias is null ? null : ConstantData.Copy(bias))];
        var all = new Value($"{loop.Node.Name}/{product.Name}", TensorType.Float32, Shape.Unknown);
        var node = new Node($"{loop.Node.Name}/{product.Name}", product.Code, product.OptionsAs<FullyConnectedOptions>() with { KeepNumDims = true }, operands, [all]);
        ShapeInference.Infer(node);
        graph.Nodes.Insert(graph.Nodes.IndexOf(loop.Node), node);
        return all;
    }

    /// <summary>One more tensor that the loop carries and does not change.</summary>
    private static Node Carry(Graph graph, Node loop, Value value, Value argument)
    {
        loop.Callees[0].Inputs.Add(new Value(value.Name, value.Type, value.Shape));
        loop.Callees[1].Inputs.Add(argument);
        loop.Callees[1].Outputs.Add(argument);
        var behind = new Value($"{value.Name}/behind", value.Type, value.Shape);
        var wider = new Node(loop.Name, loop.Code, loop.Options, [.. loop.Inputs, value], [.. loop.Outputs, behind]) { Callees = loop.Callees, Number = loop.Number };
        graph.Nodes[graph.Nodes.IndexOf(loop)] = wider;
        loop.ClearInputs();
        return wider;
    }
}
