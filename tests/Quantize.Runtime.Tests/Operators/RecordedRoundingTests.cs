using System.Runtime.InteropServices;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Tests.Models;

namespace Quantize.Runtime.Tests.Operators;

/// <summary>Small models whose codes were recorded from Google's built-in kernels, where another order or another rounding gives other codes.</summary>
public sealed class RecordedRoundingTests
{
    [Theory]
    [InlineData(53, new sbyte[] { -80, 65 })]
    [InlineData(79, new sbyte[] { -75, 69 })]
    internal void A_product_is_rounded_at_each_factor_in_the_order_of_the_input(int step, sbyte[] expected)
    {
        var graph = new SubgraphBuilder("main");
        int input = Codes(graph, "x", TensorType.Int8, 0.0123f, -3, 3, 2, 3), output = Codes(graph, "y", TensorType.Int8, 0.013f, -100, 2);
        graph.Call(BuiltinOperator.ReduceProd, [input, graph.Constant(TensorType.Int32, [0, 2], 2)], [output], new ReducerOptions());
        sbyte[] codes = [.. Enumerable.Range(0, 18).Select(i => (sbyte)(40 + i * step % 90))];
        Assert.Equal(expected, Run<sbyte>(graph, input, output, codes));
    }

    [Theory]
    [InlineData(51, new short[] { 24299, -23, -4558, 2054, -32768, 4131 })]
    [InlineData(79, new short[] { 21930, -15745, 7259, 5719, -20713, 27183 })]
    internal void Sums_of_32_bits_are_rounded_twice_in_a_transposed_convolution(int step, short[] expected)
    {
        var graph = new SubgraphBuilder("main");
        int input = Codes(graph, "x", TensorType.Int16, 0.0001f, 0, 1, 1, 3, 2), output = Codes(graph, "y", TensorType.Int16, 0.00013f, 0, 1, 1, 6, 1);
        int filter = graph.Weights([.. Enumerable.Range(0, 6).Select(i => (sbyte)(i * step - 120))], 0.01f, 1, 1, 3, 2);
        graph.Call(
            BuiltinOperator.TransposeConv, [graph.Constant(TensorType.Int32, [1, 1, 6, 1], 4), filter, input], [output],
            new TransposeConvOptions { StrideH = 1, StrideW = 2, QuantizedBiasType = TensorType.Int32 });
        short[] codes = [.. Enumerable.Range(0, 6).Select(i => (short)(i * 9001 - 20000))];
        Assert.Equal(expected, Run<short>(graph, input, output, codes));
    }

    [Fact]
    public void The_logarithm_of_16_bit_codes_ends_at_the_lowest_number_of_its_scale()
    {
        var graph = new SubgraphBuilder("main");
        int input = Codes(graph, "x", TensorType.Int16, 0.0002f, 0, 8), output = Codes(graph, "y", TensorType.Int16, 0.0003f, 0, 8);
        graph.Call(BuiltinOperator.Log, [input], [output]);
        short[] codes = [.. Enumerable.Range(0, 8).Select(i => (short)(i * 29))];
        Assert.Equal<short>([-28796, -25020, -21245, -17469, -13693, -11832, -11322, -10811], Run<short>(graph, input, output, codes));
    }

    private static int Codes(SubgraphBuilder graph, string name, TensorType type, float scale, int zeroPoint, params int[] shape) =>
        graph.Add(new SubgraphBuilder.WrittenTensor(name, type, shape, null) { Scales = [scale], ZeroPoint = zeroPoint });

    private static T[] Run<T>(SubgraphBuilder graph, int input, int output, T[] codes)
        where T : unmanaged
    {
        graph.Inputs.Add(input);
        using CompiledModel model = ModelWriter.Load(graph.Return(output));
        using Session session = model.CreateSession();
        MemoryMarshal.AsBytes(codes.AsSpan()).CopyTo(session.InputBytes(0));
        session.Run();
        return MemoryMarshal.Cast<byte, T>(session.OutputBytes(0)).ToArray();
    }
}
