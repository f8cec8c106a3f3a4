using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Tests.Models;

namespace Quantize.Runtime.Tests.Subgraphs;

public sealed class LoopTests
{
    [Fact]
    public void A_loop_carries_its_state_from_iteration_to_iteration()
    {
        using CompiledModel model = ModelWriter.Load(Fibonacci());
        using Session session = model.CreateSession();
        for (int count = 0; count < 12; count++)
        {
            session.Input<int>("count")[0] = count;
            session.Run();
            Assert.Equal(count, session.Output<int>("i2")[0]);
            Assert.Equal(Fibonacci(count), session.Output<int>("a2")[0]);
            Assert.Equal(Fibonacci(count + 1), session.Output<int>("b2")[0]);
        }
    }

    [Fact]
    public void A_thousand_iterations_allocate_nothing()
    {
        using CompiledModel model = ModelWriter.Load(Fibonacci());
        using Session session = model.CreateSession();
        session.Warmup();
        session.Input<int>("count")[0] = 1000;
        session.Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        session.Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1000, session.Output<int>("i2")[0]);
    }

    [Fact]
    public void The_plan_shows_the_steps_of_both_directions_behind_the_loop()
    {
        using CompiledModel model = ModelWriter.Load(Fibonacci());
        using Session session = model.CreateSession();
        session.Input<int>("count")[0] = 3;
        Assert.Equal(["0 While", "1 Less", "1 Add", "1 Add", "1 Copy"], session.Plan.Take(5).Select(step => $"{step.Depth} {step.Operator}"));
        OperatorProfile loop = Assert.Single(session.Profile());
        Assert.Equal("while", loop.Step.Kernel);
    }

    [Fact]
    public void A_loop_that_does_not_end_fails_by_its_name()
    {
        using CompiledModel model = CompiledModel.Load(ModelWriter.Write(Fibonacci()), new CompileOptions { LoopLimit = 50 });
        using Session session = model.CreateSession();
        session.Input<int>("count")[0] = 50;
        session.Run();
        session.Input<int>("count")[0] = 51;
        InvalidOperationException endless = Assert.Throws<InvalidOperationException>(session.Run);
        Assert.Contains("While 'i2' ran 50 times", endless.Message);
        Assert.Contains(nameof(CompileOptions.LoopLimit), endless.Message);
    }

    [Fact]
    public void A_tensor_that_grows_with_each_iteration_is_planned_once_for_each_size()
    {
        using CompiledModel model = ModelWriter.Load(Growth());
        using Session session = model.CreateSession();
        Assert.Equal([-1, 2], session.OutputShape(1));
        foreach (int count in (int[])[4, 0, 7])
            CheckGrowth(session, count);
        long before = GC.GetAllocatedBytesForCurrentThread();
        session.Input<int>("count")[0] = 4;
        session.Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void CheckGrowth(Session session, int count)
    {
        session.Input<int>("count")[0] = count;
        session.Input<float>("rows").Fill(1);
        session.Run();
        Assert.Equal([1 + count, 2], session.OutputShape(1));
        Assert.All(session.Output<float>("rows2").ToArray(), value => Assert.Equal(2, value)); // doubled behind the loop
        Assert.Equal(2 * (1 + count), session.Output<float>("rows2").Length);
    }

    private static int Fibonacci(int index)
    {
        (int a, int b) = (0, 1);
        for (int i = 0; i < index; i++)
            (a, b) = (b, a + b);
        return a;
    }

    /// <summary>(i, count, a, b) -> (i + 1, count, b, a + b) while i &lt; count: two tensors change places, one stays.</summary>
    private static SubgraphBuilder[] Fibonacci()
    {
        var main = new SubgraphBuilder("main");
        int count = main.Input("count", TensorType.Int32);
        int[] results = [main.Tensor("i2", TensorType.Int32), main.Tensor("count2", TensorType.Int32), main.Tensor("a2", TensorType.Int32), main.Tensor("b2", TensorType.Int32)];
        main.Call(BuiltinOperator.While, [main.Scalar(0), count, main.Scalar(0), main.Scalar(1)], results, new WhileOptions { CondSubgraphIndex = 1, BodySubgraphIndex = 2 });
        main.Return(results[0], results[2], results[3]);

        var body = new SubgraphBuilder("body");
        int[] state = [body.Input("i", TensorType.Int32), body.Input("count", TensorType.Int32), body.Input("a", TensorType.Int32), body.Input("b", TensorType.Int32)];
        int next = body.Call(BuiltinOperator.Add, [state[0], body.Scalar(1)], "next", TensorType.Int32, []);
        int sum = body.Call(BuiltinOperator.Add, [state[2], state[3]], "sum", TensorType.Int32, []);
        body.Return(next, state[1], state[3], sum);
        return [main, Counts(4, TensorType.Int32), body];
    }

    /// <summary>Slices are written where the state lies; not where the body needs the state from before too.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_loop_writes_one_slice_in_each_iteration(bool isReadToo)
    {
        using CompiledModel model = ModelWriter.Load(Slices(isReadToo));
        using Session session = model.CreateSession();
        float[] row = [10, 20, 30, 40];
        for (int count = 0; count <= 4; count++)
        {
            row.CopyTo(session.Input<float>("row"));
            session.Input<int>("count")[0] = count;
            session.Run();
            float[] written = [.. row.Select((number, i) => i < count ? 7 : number)], before = [.. row.Select((number, i) => i < count - 1 ? 7 : number)];
            Assert.Equal(written, session.Output<float>("row2").ToArray());
            Assert.Equal(isReadToo && count > 0 ? before : [0, 0, 0, 0], session.Output<float>("before2").ToArray());
        }
    }

    /// <summary>(i, count, row, before) -> (i + 1, count, row with 7 at i, the row until then or what was there).</summary>
    private static SubgraphBuilder[] Slices(bool isReadToo)
    {
        var main = new SubgraphBuilder("main");
        int count = main.Input("count", TensorType.Int32), row = main.Input("row", TensorType.Float32, 4);
        int[] results = [main.Tensor("i2", TensorType.Int32), main.Tensor("count2", TensorType.Int32), main.Tensor("row2", TensorType.Float32, 4), main.Tensor("before2", TensorType.Float32, 4)];
        main.Call(BuiltinOperator.While, [main.Scalar(0), count, row, main.Constant<float>(TensorType.Float32, [0, 0, 0, 0], 4)], results, new WhileOptions { CondSubgraphIndex = 1, BodySubgraphIndex = 2 });
        main.Return(results[2], results[3]);

        var body = new SubgraphBuilder("body");
        int[] state = [body.Input("i", TensorType.Int32), body.Input("count", TensorType.Int32), body.Input("row", TensorType.Float32, 4), body.Input("before", TensorType.Float32, 4)];
        int next = body.Call(BuiltinOperator.Add, [state[0], body.Scalar(1)], "next", TensorType.Int32, []);
        int place = body.Call(BuiltinOperator.Reshape, [state[0], body.Constant(TensorType.Int32, [1], 1)], "place", TensorType.Int32, [1]);
        int written = body.Call(BuiltinOperator.DynamicUpdateSlice, [state[2], body.Constant<float>(TensorType.Float32, [7], 1), place], "written", TensorType.Float32, [4]);
        body.Return(next, state[1], written, isReadToo ? state[2] : state[3]);
        return [main, Counts(4, TensorType.Float32, 4), body];
    }

    /// <summary>(i, count, rows) -> (i + 1, count, rows with one more row), and twice the rows behind the loop.</summary>
    private static SubgraphBuilder[] Growth()
    {
        var main = new SubgraphBuilder("main");
        int count = main.Input("count", TensorType.Int32), rows = main.Input("rows", TensorType.Float32, 1, 2);
        int[] results = [main.Tensor("i2", TensorType.Int32), main.Tensor("count2", TensorType.Int32), main.Tensor("grown", TensorType.Float32, -1, 2)];
        main.Call(BuiltinOperator.While, [main.Scalar(0), count, rows], results, new WhileOptions { CondSubgraphIndex = 1, BodySubgraphIndex = 2 });
        int doubled = main.Call(BuiltinOperator.Add, [results[2], results[2]], "rows2", TensorType.Float32, [-1, 2]);
        main.Return(results[0], doubled);

        var body = new SubgraphBuilder("body");
        int[] state = [body.Input("i", TensorType.Int32), body.Input("count", TensorType.Int32), body.Input("rows", TensorType.Float32, -1, 2)];
        int next = body.Call(BuiltinOperator.Add, [state[0], body.Scalar(1)], "next", TensorType.Int32, []);
        int grown = body.Call(BuiltinOperator.Concatenation, [state[2], body.Constant<float>(TensorType.Float32, [1, 1], 1, 2)], "grown", TensorType.Float32, [-1, 2]);
        body.Return(next, state[1], grown);
        return [main, Counts(3, TensorType.Float32, -1, 2), body];
    }

    /// <summary>The first tensor of the state is less than the second.</summary>
    private static SubgraphBuilder Counts(int stateLength, TensorType type, params int[] shape)
    {
        var condition = new SubgraphBuilder("condition");
        int i = condition.Input("i", TensorType.Int32), count = condition.Input("count", TensorType.Int32);
        for (int k = 2; k < stateLength; k++)
            condition.Input($"state{k}", type, shape);
        return condition.Return(condition.Call(BuiltinOperator.Less, [i, count], "goes", TensorType.Bool, []));
    }
}
