using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Tests.Graphs;

public sealed class GraphCheckerTests
{
    private readonly Graph _graph = new("test");
    private readonly Value _input = new("x", TensorType.Float32, Shape.Of(2));

    public GraphCheckerTests() => _graph.Inputs.Add(_input);

    [Fact]
    public void A_value_read_before_it_is_computed_is_a_fault()
    {
        Node first = Relu("a", _input), second = Relu("b", first.Output);
        _graph.Nodes.AddRange([second, first]);
        Assert.Equal("b (Relu) reads a: Float32[2] before it is computed", GraphChecker.Fault(_graph));
    }

    [Fact]
    public void A_shape_that_the_rule_does_not_give_is_a_fault()
    {
        Node node = Relu("a", _input);
        _graph.Nodes.Add(node);
        node.Output.Shape = Shape.Of(3);
        Assert.Equal("a (Relu) gives Float32[2], but its output is a: Float32[3]", GraphChecker.Fault(_graph));
    }

    [Fact]
    public void A_value_computed_twice_is_a_fault()
    {
        Node node = Relu("a", _input);
        _graph.Nodes.AddRange([node, new Node("b", BuiltinOperator.Relu, new NoOptions(), [_input], [node.Output])]);
        Assert.Contains("names b (Relu) as its producer", GraphChecker.Fault(_graph));
    }

    [Fact]
    public void An_output_that_nothing_computes_is_a_fault()
    {
        _graph.Outputs.Add(new Value("lost", TensorType.Float32, Shape.Scalar));
        Assert.Equal("the output lost: Float32[] is computed by no node", GraphChecker.Fault(_graph));
    }

    private static Node Relu(string name, Value input) =>
        new(name, BuiltinOperator.Relu, new NoOptions(), [input], [new Value(name, TensorType.Float32, Shape.Of(2))]);
}
