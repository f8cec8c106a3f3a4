using Quantize.Converter.Emission;
using Quantize.Converter.Graphs;
using Quantize.Converter.Passes;
using Quantize.Converter.Passes.Recurrent;
using Quantize.Converter.Tests.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Tests.Passes;

public sealed class RecurrentLoopTests
{
    private const float Tolerance = 1e-6f;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_loop_over_an_LSTM_becomes_the_builtin_and_gives_the_same(bool joined, bool backwards)
    {
        var loop = new LstmLoop { IsJoined = joined, IsBackwards = backwards };
        float[][] expected = Outputs(loop.Build());
        Graph graph = loop.Build();
        Assert.True(RecurrentLoops.Run(graph));
        Assert.Null(GraphChecker.Fault(graph));
        BuiltinOperator[] operators = [BuiltinOperator.UnidirectionalSequenceLstm, BuiltinOperator.StridedSlice];
        Assert.Equal(backwards ? [BuiltinOperator.ReverseV2, .. operators] : operators, graph.Nodes.Select(node => node.Code));
        Assert.False(RecurrentLoops.Run(graph));
        float[][] actual = Outputs(graph);
        for (int i = 0; i < expected.Length; i++)
            Assert.All(expected[i].Zip(actual[i]), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }

    [Fact]
    public void State_begins_with_zeros_in_every_call_and_a_file_that_says_so_has_none_to_keep()
    {
        Graph graph = new LstmLoop().Build();
        RecurrentLoops.Run(graph);
        Assert.All(graph.Variables(), variable => Assert.True(variable.BeginsAnew));
        using CompiledModel model = CompiledModel.Load(Emit(graph));
        using Session session = model.CreateSession();
        session.Input<float>(0).Fill(1);
        session.Run();
        float[] first = session.Output<float>(0).ToArray();
        session.Run();
        Assert.Equal(first, session.Output<float>(0).ToArray());
    }

    [Fact]
    public void A_loop_whose_cell_is_asked_for_stays() => Stays(new LstmLoop { Second = 3 });

    [Fact]
    public void A_loop_that_does_not_begin_with_zeros_stays() => Stays(new LstmLoop { InitialOutput = 0.5f });

    [Fact]
    public void A_loop_over_a_part_of_the_sequence_stays() => Stays(new LstmLoop { Limit = LstmLoop.Steps - 1 });

    [Fact]
    public void A_loop_with_another_function_of_a_gate_stays() => Stays(new LstmLoop { GateFunction = BuiltinOperator.Relu });

    [Fact]
    public void A_loop_that_clips_its_cell_stays() => Stays(new LstmLoop { FusedBehindCell = ActivationFunction.ReluN1To1 });

    [Fact]
    public void The_product_of_the_sequence_moves_before_a_loop_that_stays()
    {
        var loop = new LstmLoop { Second = 3, IsBackwards = true };
        float[][] expected = Outputs(loop.Build());
        Graph graph = loop.Build();
        Assert.True(HoistedProducts.Run(graph));
        Assert.Null(GraphChecker.Fault(graph));
        Assert.Equal([BuiltinOperator.FullyConnected, BuiltinOperator.While], graph.Nodes.Select(node => node.Code));
        Assert.Single(graph.Nodes[1].Callees[1].Nodes, node => node.Code == BuiltinOperator.FullyConnected);
        Assert.False(HoistedProducts.Run(graph));
        float[][] actual = Outputs(graph);
        for (int i = 0; i < expected.Length; i++)
            Assert.All(expected[i].Zip(actual[i]), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }

    [Fact]
    public void A_loop_behind_such_a_product_still_becomes_the_builtin()
    {
        Graph graph = new LstmLoop().Build();
        Assert.True(HoistedProducts.Run(graph));
        Assert.True(RecurrentLoops.Run(graph));
        DeadNodes.Run(graph);
        Assert.Equal([BuiltinOperator.UnidirectionalSequenceLstm, BuiltinOperator.StridedSlice], graph.Nodes.Select(node => node.Code));
    }

    private static void Stays(LstmLoop loop)
    {
        Graph graph = loop.Build();
        Assert.False(RecurrentLoops.Run(graph));
        Assert.Equal(BuiltinOperator.While, Assert.Single(graph.Nodes).Code);
    }

    private static float[][] Outputs(Graph graph)
    {
        using CompiledModel model = CompiledModel.Load(Emit(graph));
        using Session session = model.CreateSession();
        Span<float> input = session.Input<float>(0);
        for (int i = 0; i < input.Length; i++)
            input[i] = MathF.Sin(i);
        session.Run();
        return [session.Output<float>(0).ToArray(), session.Output<float>(1).ToArray()];
    }

    private static ReadOnlyMemory<byte> Emit(Graph graph) =>
        TfLiteEmitter.Emit(new Module([graph], [new EntryPoint("serving_default", graph, ["x"], ["list", "second"])]), (CompiledModel.StateMetadata, CompiledModel.StateOfOneRun));
}
