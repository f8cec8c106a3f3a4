using System.Runtime.InteropServices;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Tests.Models;

namespace Quantize.Runtime.Tests.Operators;

/// <summary>Types that only some of Google's kernels take: half floats computed with, integers of 4 bits moved, integers with a fused activation.</summary>
public sealed class NarrowTypeTests
{
    [Fact]
    public void Half_floats_are_added_and_rounded_to_the_nearest_half()
    {
        Half[] a = [(Half)1f, (Half)2048f, (Half)(-0.5f)], b = [(Half)0.0004f, (Half)3f, (Half)0.25f];
        Assert.Equal<Half>([(Half)(1f + (float)b[0]), (Half)2052f, (Half)(-0.25f)], Binary(BuiltinOperator.Add, TensorType.Float16, a, b));
    }

    [Fact]
    public void Brain_floats_keep_the_greater_one() => Assert.Equal<ushort>([0x4000, 0x3F80], Binary<ushort>(BuiltinOperator.Maximum, TensorType.BFloat16, [0x4000, 0xBF80], [0x3F80, 0x3F80]));

    [Fact]
    public void Half_floats_are_compared()
    {
        var graph = new SubgraphBuilder("main");
        int a = graph.Input("a", TensorType.Float16, 2), b = graph.Input("b", TensorType.Float16, 2);
        graph.Return(graph.Call(BuiltinOperator.Less, [a, b], "less", TensorType.Bool, [2]));
        using Session session = Start(graph);
        Put<Half>(session, 0, [(Half)1f, (Half)2f]);
        Put<Half>(session, 1, [(Half)1.5f, (Half)2f]);
        session.Run();
        Assert.Equal<byte>([1, 0], session.OutputBytes(0).ToArray());
    }

    [Theory]
    [InlineData(ActivationFunction.Relu, new[] { 0, 9, 1 })]
    [InlineData(ActivationFunction.Relu6, new[] { 0, 6, 1 })]
    [InlineData(ActivationFunction.ReluN1To1, new[] { -1, 1, 1 })]
    internal void Plain_integers_take_a_fused_activation(ActivationFunction activation, int[] expected) =>
        Assert.Equal(expected, Binary(BuiltinOperator.Add, TensorType.Int32, [-5, 4, 0], [2, 5, 1], new AddOptions { Activation = activation }));

    [Fact]
    public void Integers_of_4_bits_are_sliced()
    {
        var graph = new SubgraphBuilder("main");
        int input = graph.Input("x", TensorType.Int4, 5), begin = graph.Constant(TensorType.Int32, [1], 1), size = graph.Constant(TensorType.Int32, [3], 1);
        graph.Return(graph.Call(BuiltinOperator.Slice, [input, begin, size], "part", TensorType.Int4, [3]));
        using Session session = Start(graph);
        Put<byte>(session, 0, [0x21, 0xF3, 0x05]);
        session.Run();
        Assert.Equal<byte>([0x32, 0x0F], session.OutputBytes(0).ToArray());
    }

    [Fact]
    public void Slopes_of_8_bits_serve_16_bit_codes()
    {
        var graph = new SubgraphBuilder("main");
        int input = graph.Add(new SubgraphBuilder.WrittenTensor("x", TensorType.Int16, [4], null) { Scales = [0.5f] });
        graph.Inputs.Add(input);
        int slope = graph.Weights([-2, 2, 4, 4], 0.25f, 4);
        int output = graph.Add(new SubgraphBuilder.WrittenTensor("y", TensorType.Int16, [4], null) { Scales = [0.25f] });
        graph.Call(BuiltinOperator.Prelu, [input, slope], [output]);
        using Session session = Start(graph.Return(output));
        Put<short>(session, 0, [-8, -8, -100, 300]);
        session.Run();
        Assert.Equal<short>([8, -8, -200, 600], MemoryMarshal.Cast<byte, short>(session.OutputBytes(0)).ToArray());
    }

    [Fact]
    public void A_permutation_may_have_64_bits()
    {
        var graph = new SubgraphBuilder("main");
        int input = graph.Input("x", TensorType.Float32, 2, 3), order = graph.Constant(TensorType.Int64, [1L, -2L], 2);
        graph.Return(graph.Call(BuiltinOperator.Transpose, [input, order], "turned", TensorType.Float32, [3, 2]));
        using Session session = Start(graph);
        Put<float>(session, 0, [0, 1, 2, 3, 4, 5]);
        session.Run();
        Assert.Equal<float>([0, 3, 1, 4, 2, 5], session.Output<float>(0).ToArray());
    }

    [Fact]
    public void Rows_of_codes_are_looked_up_as_codes()
    {
        var graph = new SubgraphBuilder("main");
        int rows = graph.Input("rows", TensorType.Int32, 2), table = graph.Weights([1, 2, 3, 4, 5, 6], 0.5f, 3, 2);
        int output = graph.Add(new SubgraphBuilder.WrittenTensor("y", TensorType.Int8, [2, 2], null) { Scales = [0.5f] });
        graph.Call(BuiltinOperator.EmbeddingLookup, [rows, table], [output]);
        using Session session = Start(graph.Return(output));
        Put<int>(session, 0, [2, 0]);
        session.Run();
        Assert.Equal<byte>([5, 6, 1, 2], session.OutputBytes(0).ToArray());
    }

    [Fact]
    public void Codes_of_16_bits_become_sums_of_32()
    {
        var graph = new SubgraphBuilder("main");
        int input = graph.Add(new SubgraphBuilder.WrittenTensor("x", TensorType.Int16, [2], null) { Scales = [0.5f] });
        graph.Inputs.Add(input);
        int output = graph.Add(new SubgraphBuilder.WrittenTensor("y", TensorType.Int32, [2], null) { Scales = [0.001953125f] });
        graph.Call(BuiltinOperator.Quantize, [input], [output]);
        using Session session = Start(graph.Return(output));
        Put<short>(session, 0, [-3, 300]);
        session.Run();
        Assert.Equal<int>([-768, 76800], session.Output<int>(0).ToArray());
    }

    private static T[] Binary<T>(BuiltinOperator code, TensorType type, T[] a, T[] b, OperatorOptions? options = null)
        where T : unmanaged
    {
        var graph = new SubgraphBuilder("main");
        int left = graph.Input("a", type, a.Length), right = graph.Input("b", type, b.Length);
        graph.Return(graph.Call(code, [left, right], "result", type, [a.Length], options));
        using Session session = Start(graph);
        Put(session, 0, a);
        Put(session, 1, b);
        session.Run();
        return MemoryMarshal.Cast<byte, T>(session.OutputBytes(0)).ToArray();
    }

    private static Session Start(SubgraphBuilder graph) => CompiledModel.Load(ModelWriter.Write(graph)).CreateSession();

    private static void Put<T>(Session session, int input, T[] elements)
        where T : unmanaged => MemoryMarshal.AsBytes(elements.AsSpan()).CopyTo(session.InputBytes(input));
}
