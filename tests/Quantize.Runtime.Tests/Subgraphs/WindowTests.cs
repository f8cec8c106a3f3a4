using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Tests.Models;

namespace Quantize.Runtime.Tests.Subgraphs;

public sealed class WindowTests
{
    [Fact]
    public void Dilation_puts_a_value_between_elements()
    {
        var main = new SubgraphBuilder("main");
        int input = main.Input("x", TensorType.Int32, 2, 2);
        main.Return(main.Call(BuiltinOperator.Dilate, [input, main.Constant(TensorType.Int32, [2, 3], 2), main.Scalar(-1)], "y", TensorType.Int32, [3, 4]));
        Assert.Equal([1, -1, -1, 2, -1, -1, -1, -1, 3, -1, -1, 4], Run(main, [1, 2, 3, 4]));
    }

    /// <summary>Windows of 2 x 2 elements, of every second row: of four rows the first and third, then the second and fourth.</summary>
    [Theory]
    [InlineData(ReduceWindowFunction.Add, 1, new[] { 19, 23, 31, 35 })]
    [InlineData(ReduceWindowFunction.Mul, 1, new[] { 112, 432, 2200, 3960 })]
    [InlineData(ReduceWindowFunction.Minimum, 2, new[] { 1, 2, 2, 2 })]
    [InlineData(ReduceWindowFunction.Maximum, 9, new[] { 9, 9, 11, 12 })]
    internal void Windows_are_folded_from_the_first_value_on(ReduceWindowFunction function, int first, int[] expected) =>
        Assert.Equal(expected, Run(Windows((int)function, first), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]));

    [Fact]
    public void A_window_that_does_not_fit_gives_nothing_and_one_without_elements_is_refused()
    {
        Assert.Empty(Run(Windows((int)ReduceWindowFunction.Add, 0, height: 5), new int[12]));
        Assert.Contains("slides a window [0,2]", Assert.Throws<ModelFormatException>(() => Run(Windows((int)ReduceWindowFunction.Add, 0, height: 0), new int[12])).Message);
        Assert.Contains("by All", Assert.Throws<ModelFormatException>(() => Run(Windows((int)ReduceWindowFunction.All, 0), new int[12])).Message);
    }

    private static SubgraphBuilder Windows(int function, int first, int height = 2)
    {
        var main = new SubgraphBuilder("main");
        int input = main.Input("x", TensorType.Int32, 4, 3);
        int Longs(long rows, long columns) => main.Constant(TensorType.Int64, [rows, columns], 2);
        return main.Return(main.Call(
            BuiltinOperator.ReduceWindow, [input, main.Scalar(first), Longs(height, 2), Longs(1, 1), Longs(2, 1)], "y", TensorType.Int32, [2, 2],
            new ReduceWindowOptions { ReduceFunction = function }));
    }

    private static int[] Run(SubgraphBuilder main, int[] values)
    {
        using CompiledModel model = ModelWriter.Load(main);
        using Session session = model.CreateSession();
        values.CopyTo(session.Input<int>(0));
        session.Run();
        return session.Output<int>(0).ToArray();
    }
}
