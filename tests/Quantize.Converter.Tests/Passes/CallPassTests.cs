using Quantize.Converter.Graphs;
using Quantize.Converter.Passes;
using Quantize.Converter.Tests.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Tests.Passes;

/// <summary>Passes over nodes that run other graphs.</summary>
public sealed class CallPassTests
{
    [Fact]
    public void A_branch_whose_condition_is_known_takes_the_nodes_place()
    {
        var builder = new GraphBuilder();
        Value x = builder.Input("x", 2);
        Value y = Branch(builder, Value.Constant("p", TensorType.Bool, [], new byte[] { 0 }), x);
        Graph graph = builder.Build(y);
        Assert.Equal(
            """
            input x: Float32[2]
            y: Float32[2] = Neg(x)
            output y
            """, GraphBuilder.After(SettledCalls.Run, graph));
        Assert.False(SettledCalls.Run(graph));
    }

    [Fact]
    public void A_branch_that_a_run_chooses_stays()
    {
        var builder = new GraphBuilder();
        Value p = builder.Input("p", TensorType.Bool), x = builder.Input("x", 2);
        Graph graph = builder.Build(Branch(builder, p, x));
        Assert.False(SettledCalls.Run(graph));
        Assert.False(CarriedTensors.Run(graph));
    }

    [Fact]
    public void A_constant_that_a_branch_is_given_becomes_its_own()
    {
        var builder = new GraphBuilder();
        Value p = builder.Input("p", TensorType.Bool);
        Graph graph = builder.Build(Branch(builder, p, ConstantData.Of("c", [2], [1f, 2f])));
        Assert.True(CarriedTensors.Run(graph));
        Assert.Single(graph.Nodes[0].Inputs);
        Assert.True(graph.Nodes[0].Callees[0].Nodes[0].Input(0)!.IsConstant);
        Assert.Null(GraphChecker.Fault(graph));
        Assert.False(CarriedTensors.Run(graph));
    }

    private static Value Branch(GraphBuilder builder, Value condition, Value argument) =>
        builder.Caller("y", BuiltinOperator.If, new IfOptions { ElseSubgraphIndex = 1 }, [condition, argument], Callee(BuiltinOperator.Abs), Callee(BuiltinOperator.Neg));

    private static Graph Callee(BuiltinOperator code)
    {
        var builder = new GraphBuilder();
        return builder.Build(builder.Node($"{code}", code, builder.Input("v", 2)));
    }
}
