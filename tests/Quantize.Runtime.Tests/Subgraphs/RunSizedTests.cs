using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Tests.Models;

namespace Quantize.Runtime.Tests.Subgraphs;

public sealed class RunSizedTests
{
    [Fact]
    public void What_follows_a_run_sized_result_is_planned_once_for_each_size()
    {
        using CompiledModel model = ModelWriter.Load(Positives());
        using Session session = model.CreateSession();
        Assert.Equal(["Greater", "Where"], session.Plan.Select(step => step.Operator));
        Check(session, [1, -2, 3, -4], [1, 3]);
        Assert.Equal(["Greater", "Where", "GatherNd", "Neg"], session.Plan.Select(step => step.Operator));
        Assert.Equal(4, session.Profile().Count);
        Check(session, [-1, -2, -3, -4], []);
        Check(session, [5, 6, 7, 8], [5, 6, 7, 8]);
        float[] again = [-1, 2, 3, -4];
        again.CopyTo(session.Input<float>(0));
        long before = GC.GetAllocatedBytesForCurrentThread();
        session.Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal([-2, -3], session.Output<float>(0).ToArray());
    }

    [Fact]
    public void Intermediate_tensors_on_both_sides_are_kept_where_asked_for()
    {
        using CompiledModel model = CompiledModel.Load(ModelWriter.Write(Positives()), new CompileOptions { KeepAllTensors = true });
        using Session session = model.CreateSession();
        Check(session, [1, -2, 3, -4], [1, 3]);
        Assert.Equal(["x", "positive", "where", "picked", "negative"], session.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([1, 0, 1, 0], session.ReadTensor("positive", out _).ToArray());
        session.ReadTensor("where", out IReadOnlyList<int> shape);
        Assert.Equal([2, 1], shape);
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(6, 1)]
    [InlineData(1, -1)]
    public void A_reshape_to_a_computed_shape_is_planned_when_the_shape_is_there(int rows, int columns)
    {
        var main = new SubgraphBuilder("main");
        int x = main.Input("x", TensorType.Float32, 6), shape = main.Input("shape", TensorType.Int32, 2);
        int wanted = main.Call(BuiltinOperator.Mul, [shape, main.Scalar(1)], "wanted", TensorType.Int32, [2]);
        int table = main.Call(BuiltinOperator.Reshape, [x, wanted], "table", TensorType.Float32, [-1, -1]);
        main.Return(main.Call(BuiltinOperator.Sum, [table, main.Scalar(1)], "sums", TensorType.Float32, [-1], new ReducerOptions()));
        using CompiledModel model = ModelWriter.Load(main);
        using Session session = model.CreateSession();
        Assert.Equal([-1], session.OutputShape(0));
        session.Input<float>(0).Fill(1);
        session.Input<int>(1)[0] = rows;
        session.Input<int>(1)[1] = columns;
        session.Run();
        Assert.Equal(Enumerable.Repeat(6f / rows, rows), session.Output<float>(0).ToArray());
    }

    [Fact]
    public void A_shape_that_does_not_fit_is_an_error_of_that_run()
    {
        var main = new SubgraphBuilder("main");
        int x = main.Input("x", TensorType.Float32, 6), shape = main.Input("shape", TensorType.Int32, 1);
        main.Return(main.Call(BuiltinOperator.Reshape, [x, shape], "table", TensorType.Float32, [-1]));
        using CompiledModel model = ModelWriter.Load(main);
        using Session session = model.CreateSession();
        session.Input<int>(1)[0] = 5;
        Assert.Contains("cannot give [6] the shape [5]", Assert.Throws<ModelFormatException>(session.Run).Message);
        session.Input<int>(1)[0] = 6;
        session.Run();
        Assert.Equal([6], session.OutputShape(0));
    }

    [Fact]
    public void A_computed_axis_and_computed_widths_are_planned_for_their_values()
    {
        var main = new SubgraphBuilder("main");
        int x = main.Input("x", TensorType.Float32, 2, 3), axis = main.Input("axis", TensorType.Int32, 1), widths = main.Input("widths", TensorType.Int32, 1, 2);
        int sums = main.Call(BuiltinOperator.Sum, [x, axis], "sums", TensorType.Float32, [-1], new ReducerOptions());
        main.Return(main.Call(BuiltinOperator.Pad, [sums, widths], "padded", TensorType.Float32, [-1]));
        using CompiledModel model = ModelWriter.Load(main);
        using Session session = model.CreateSession();
        session.Input<float>(0).Fill(1);
        session.Input<int>(1)[0] = 0;
        session.Input<int>(2)[1] = 1;
        session.Run();
        Assert.Equal([2, 2, 2, 0], session.Output<float>(0).ToArray());
        session.Input<int>(1)[0] = 1;
        session.Input<int>(2)[0] = 2;
        session.Run();
        Assert.Equal([0, 0, 3, 3, 0], session.Output<float>(0).ToArray());
    }

    [Fact]
    public void A_slice_that_begins_where_the_run_says_needs_no_plan_of_its_own()
    {
        var main = new SubgraphBuilder("main");
        int x = main.Input("x", TensorType.Float32, 5), begin = main.Input("begin", TensorType.Int32, 1);
        main.Return(main.Call(BuiltinOperator.Slice, [x, begin, main.Constant(TensorType.Int32, [2], 1)], "part", TensorType.Float32, [2]));
        using CompiledModel model = ModelWriter.Load(main);
        using Session session = model.CreateSession();
        float[] values = [0, 1, 2, 3, 4];
        values.CopyTo(session.Input<float>(0));
        Assert.Equal([2], session.OutputShape(0));
        session.Input<int>(1)[0] = 3;
        session.Run();
        Assert.Equal([3, 4], session.Output<float>(0).ToArray());
        session.Input<int>(1)[0] = 4;
        Assert.Contains("takes 2 elements from 4 of a dimension of 5", Assert.Throws<InvalidOperationException>(session.Run).Message);
    }

    private static void Check(Session session, float[] input, float[] expected)
    {
        input.CopyTo(session.Input<float>(0));
        session.Run();
        Assert.Equal(expected.Select(value => -value), session.Output<float>(0).ToArray());
        Assert.Equal([expected.Length], session.OutputShape(0));
    }

    /// <summary>The positive elements of four, negated.</summary>
    private static SubgraphBuilder Positives()
    {
        var main = new SubgraphBuilder("main");
        int x = main.Input("x", TensorType.Float32, 4);
        int positive = main.Call(BuiltinOperator.Greater, [x, main.Scalar(0f)], "positive", TensorType.Bool, [4]);
        int where = main.Call(BuiltinOperator.Where, [positive], "where", TensorType.Int64, [-1, 1]);
        int picked = main.Call(BuiltinOperator.GatherNd, [x, where], "picked", TensorType.Float32, [-1]);
        return main.Return(main.Call(BuiltinOperator.Neg, [picked], "negative", TensorType.Float32, [-1]));
    }
}
