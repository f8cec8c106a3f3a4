using System.Globalization;
using System.Runtime.InteropServices;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Graphs;

/// <summary>Lets the runtime's shape rules speak about a node of a <see cref="Graph"/>.</summary>
internal sealed class NodeShapeContext(Node node, Action<int, TensorType, Shape, Dimension[]?> state) : ShapeContext
{
    public override OperatorOptions Options => node.Options;

    public override int InputCount => node.Inputs.Count;

    public override int OutputCount => node.Outputs.Count;

    public override bool HasInput(int index) => node.Input(index) is not null;

    public override TensorType Type(int input) => Given(input).Type;

    public override Shape Shape(int input) => Given(input).Shape;

    public override Dimension[]? Values(int input) => node.Input(input)?.Elements;

    public override float[]? Floats(int input) =>
        node.Input(input) is { IsConstant: true, Type: TensorType.Float32 } value ? MemoryMarshal.Cast<byte, float>(value.Data.Span).ToArray() : null;

    public override TensorType DeclaredType(int output) => node.Outputs[output].Type;

    public override Shape DeclaredShape(int output) => node.Outputs[output].Shape;

    /// <summary>The graphs that a node runs have shapes of their own, which hold for whatever the node gives them.</summary>
    public override IReadOnlyList<InferredTensor> Call(int subgraph, IReadOnlyList<InferredTensor> inputs)
    {
        Graph callee = node.Callees[subgraph];
        if (callee.Inputs.Count != inputs.Count)
            throw Fail($"gives {inputs.Count} tensors to '{callee.Name}', which takes {callee.Inputs.Count}");
        for (int i = 0; i < inputs.Count; i++)
        {
            if (callee.Inputs[i].Type != inputs[i].Type)
                throw Fail($"gives {inputs[i].Type} to '{callee.Name}', which takes {callee.Inputs[i]}");
        }

        return [.. callee.Outputs.Select(output => new InferredTensor(output.Type, output.Shape))];
    }

    public override Dimension Open(string name) => Dimension.Symbol(string.Create(CultureInfo.InvariantCulture, $"{name}{node.Number}"));

    public override void Output(int index, TensorType type, Shape shape, Dimension[]? values = null) => state(index, type, shape, values);

    public override Exception Fail(string fact) => new GraphException(node.Name, $"{node.Code} {fact}");

    private Value Given(int input) => node.Input(input) ?? throw Fail($"has no input {input}");
}
