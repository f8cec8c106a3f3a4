using Quantize.Runtime;
using Quantize.Runtime.Ops;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Graphs;

/// <summary>Types, shapes and known elements of a node's outputs, by the runtime's own rules.</summary>
internal static class ShapeInference
{
    /// <summary>States them on the outputs. A placeholder for an unsupported operation keeps what it has.</summary>
    public static void Infer(Node node)
    {
        Run(node, (index, type, shape, elements) =>
        {
            Value output = node.Outputs[index];
            output.Type = type;
            output.Shape = shape;
            output.Elements = IsWhole(shape, elements) ? elements : null;
        });
    }

    /// <summary>
    /// States what a pass has made known since: numbers take the place of symbols, and a known rank that of an unknown one. A symbol stays where the rule only finds
    /// another expression for it. False where the rule contradicts what the graph holds.
    /// </summary>
    public static bool Refine(Node node)
    {
        bool agrees = true;
        Run(node, (index, type, shape, elements) =>
        {
            Value output = node.Outputs[index];
            Shape? merged = type == output.Type ? Merge(output.Shape, shape) : null;
            agrees &= merged is not null;
            output.Shape = merged ?? output.Shape;
            output.Elements ??= IsWhole(output.Shape, elements) ? elements : null;
        });
        return agrees;
    }

    /// <summary>The more precise of both, dimension by dimension; null where they contradict each other.</summary>
    private static Shape? Merge(Shape held, Shape found)
    {
        if (!held.HasRank || !found.HasRank)
            return held.HasRank ? held : found;
        if (held.Rank != found.Rank)
            return null;
        var dimensions = new Dimension[held.Rank];
        for (int i = 0; i < dimensions.Length; i++)
        {
            if (held[i].IsKnown && found[i].IsKnown && held[i] != found[i])
                return null;
            dimensions[i] = held[i].IsKnown ? held[i] : found[i].IsKnown ? found[i] : held[i];
        }

        return Shape.Of(dimensions);
    }

    /// <summary>What the rule says now, without changing the outputs.</summary>
    public static (TensorType Type, Shape Shape)[] Ask(Node node)
    {
        (TensorType, Shape)[] answers = [.. node.Outputs.Select(output => (output.Type, output.Shape))];
        Run(node, (index, type, shape, _) => answers[index] = (type, shape));
        return answers;
    }

    /// <summary>The rules for elements do not broadcast: what they give counts only where it is every element of the output.</summary>
    private static bool IsWhole(Shape shape, Dimension[]? elements) => elements is not null && shape.IsStatic && shape.ElementCount == elements.Length;

    /// <summary>What runs other graphs has the outputs that were declared when these were made.</summary>
    private static void Run(Node node, Action<int, TensorType, Shape, Dimension[]?> state)
    {
        if (node.Refusal is not null || OperatorTable.All.Find(node.Code) is not { PlanSubgraphs: null } definition)
            return;
        try
        {
            definition.InferShapes(new NodeShapeContext(node, state));
        }
        catch (Exception exception) when (exception is InvalidOperationException or OverflowException)
        {
            throw new GraphException(node.Name, $"{node.Code} cannot be given a shape: {exception.Message}");
        }
    }
}
