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

    /// <summary>What the rule says now, without changing the outputs.</summary>
    public static (TensorType Type, Shape Shape)[] Ask(Node node)
    {
        (TensorType, Shape)[] answers = [.. node.Outputs.Select(output => (output.Type, output.Shape))];
        Run(node, (index, type, shape, _) => answers[index] = (type, shape));
        return answers;
    }

    /// <summary>The rules for elements do not broadcast: what they give counts only where it is every element of the output.</summary>
    private static bool IsWhole(Shape shape, Dimension[]? elements) => elements is not null && shape.IsStatic && shape.ElementCount == elements.Length;

    private static void Run(Node node, Action<int, TensorType, Shape, Dimension[]?> state)
    {
        if (node.Refusal is not null)
            return;
        try
        {
            OperatorTable.All.Find(node.Code).InferShapes(new NodeShapeContext(node, state));
        }
        catch (Exception exception) when (exception is InvalidOperationException or OverflowException)
        {
            throw new GraphException(node.Name, $"{node.Code} cannot be given a shape: {exception.Message}");
        }
    }
}
