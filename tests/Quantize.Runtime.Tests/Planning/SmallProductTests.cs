using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Tests.Kernels;
using Quantize.Runtime.Tests.Models;
using Quantize.Runtime.Tests.Recurrent;

namespace Quantize.Runtime.Tests.Planning;

/// <summary>Products with few 8-bit weights for each row: in float where a file of our converter has them, as Google's kernels do it elsewhere.</summary>
public sealed class SmallProductTests
{
    private const int Depth = 64;

    [Theory]
    [InlineData(127, "dense float, weights expanded", "dense hybrid precise")]
    [InlineData(128, "dense hybrid precise", "dense hybrid precise")]
    public void A_dense_layer_is_in_float_below_8192_weights(int outputs, string ours, string googles)
    {
        SubgraphBuilder dense = Dense(outputs, isQuantized: true);
        Assert.EndsWith(ours, Kernel(ModelWriter.WriteConverted(dense)), StringComparison.Ordinal);
        Assert.EndsWith(googles, Kernel(ModelWriter.Write(dense)), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Its_results_are_those_of_the_expanded_weights(string row) =>
        Assert.Equal(Run(ModelWriter.Write(Dense(100, isQuantized: false)), row), Run(ModelWriter.WriteConverted(Dense(100, isQuantized: true)), row));

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void So_are_those_of_a_small_recurrent_cell(string row)
    {
        Assert.Equal(Run(RecurrentModel.Lstm(5, isQuantized: false), row), Run(RecurrentModel.Lstm(5, isQuantized: true, isConverted: true), row));
        Assert.NotEqual(Run(RecurrentModel.Lstm(5, isQuantized: false), row), Run(RecurrentModel.Lstm(5, isQuantized: true), row));
    }

    private static SubgraphBuilder Dense(int outputs, bool isQuantized)
    {
        const float Scale = 1f / 64; // a power of two: expanded weights are exact
        var main = new SubgraphBuilder("main");
        int x = main.Input("x", TensorType.Float32, 3, Depth);
        sbyte[] codes = Numbers.Bytes(new Random(4), outputs * Depth, -127, 127);
        int weights = isQuantized ? main.Weights(codes, Scale, outputs, Depth) : main.Constant(TensorType.Float32, Array.ConvertAll(codes, code => code * Scale), outputs, Depth);
        return main.Return(main.Call(
            BuiltinOperator.FullyConnected, [x, weights, -1], "y", TensorType.Float32, [3, outputs], new FullyConnectedOptions { AsymmetricQuantizeInputs = true }));
    }

    private static string Kernel(byte[] file)
    {
        using CompiledModel model = CompiledModel.Load(file);
        using Session session = model.CreateSession();
        return Assert.Single(session.Plan).Kernel;
    }

    private static float[] Run(byte[] file, string row)
    {
        using CompiledModel model = CompiledModel.Load(file, new CompileOptions { Isa = row });
        using Session session = model.CreateSession();
        Span<float> input = session.Input<float>(0);
        Numbers.Floats(new Random(5), input.Length).CopyTo(input);
        session.Run();
        return session.Output<float>(0).ToArray();
    }
}
