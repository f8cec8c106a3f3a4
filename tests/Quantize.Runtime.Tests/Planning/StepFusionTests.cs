using System.Runtime.InteropServices;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Tests.Kernels;
using Quantize.Runtime.Tests.Models;

namespace Quantize.Runtime.Tests.Planning;

/// <summary>Steps that are one compute, bit for bit, what they compute one by one: that is how they run where all tensors are kept.</summary>
public sealed class StepFusionTests
{
    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Zeros_around_an_image_become_the_padding_of_a_convolution(string row)
    {
        foreach (Padding padding in Enum.GetValues<Padding>())
        {
            foreach (bool hybrid in new[] { false, true })
            {
                foreach (int stride in new[] { 1, 2 })
                {
                    var main = new SubgraphBuilder("main");
                    int x = main.Input("x", TensorType.Float32, 2, 6, 7, 5);
                    int padded = Pad(main, x, [0, 0, 1, 2, 3, 0, 0, 0], 2, 9, 10, 5);
                    int y = Convolution(main, padded, 5, 11, "y", new Conv2DOptions { StrideH = stride, StrideW = stride, Padding = padding, Activation = ActivationFunction.Relu6 }, hybrid, 2, -1, -1, 11);
                    AssertSame(main.Return(y), row, "Pad+Conv2D");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Zeros_around_an_image_become_the_padding_of_a_depthwise_convolution(string row)
    {
        foreach (Padding padding in Enum.GetValues<Padding>())
        {
            var main = new SubgraphBuilder("main");
            int x = main.Input("x", TensorType.Float32, 1, 8, 9, 19);
            int zero = main.Scalar(0f);
            int padded = main.Call(BuiltinOperator.Padv2, [x, main.Constant(TensorType.Int32, [0, 0, 2, 1, 0, 3, 0, 0], 4, 2), zero], "padded", TensorType.Float32, [1, 11, 12, 19]);
            int filter = main.Constant(TensorType.Float32, Numbers.Floats(new Random(1), 9 * 19), 1, 3, 3, 19);
            int y = main.Call(BuiltinOperator.DepthwiseConv2D, [padded, filter], "y", TensorType.Float32, [1, -1, -1, 19], new DepthwiseConv2DOptions { StrideH = 1, StrideW = 2, DepthMultiplier = 1, Padding = padding });
            AssertSame(main.Return(y), row, "Padv2+DepthwiseConv2D");
        }
    }

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void A_product_and_a_sum_of_constants_are_one_pass(string row)
    {
        (int[] Shape, int Constants)[] cases = [([2, 3, 37], 37), ([5, 3], 3), ([4, 1], 1), ([3, 7], 1), ([128], 128)];
        foreach ((int[] shape, int constants) in cases)
        {
            foreach (BuiltinOperator second in new[] { BuiltinOperator.Add, BuiltinOperator.Sub })
            {
                var main = new SubgraphBuilder("main");
                int x = main.Input("x", TensorType.Float32, shape);
                int factor = main.Constant(TensorType.Float32, Numbers.Floats(new Random(1), constants), constants), offset = main.Constant(TensorType.Float32, Numbers.Floats(new Random(2), constants), constants);
                int product = main.Call(BuiltinOperator.Mul, [factor, x], "product", TensorType.Float32, shape);
                OperatorOptions options = second == BuiltinOperator.Add ? new AddOptions { Activation = ActivationFunction.Relu } : new SubOptions { Activation = ActivationFunction.ReluN1To1 };
                int y = main.Call(second, [product, offset], "y", TensorType.Float32, shape, options);
                AssertSame(main.Return(y), row, $"Mul+{second}");
            }
        }
    }

    [Fact]
    public void What_others_read_too_stays_a_step_of_its_own()
    {
        var twice = new SubgraphBuilder("main");
        int x = twice.Input("x", TensorType.Float32, 1, 4, 4, 3);
        int product = twice.Call(BuiltinOperator.Mul, [x, twice.Scalar(2f)], "product", TensorType.Float32, [1, 4, 4, 3]);
        int sum = twice.Call(BuiltinOperator.Add, [product, twice.Scalar(1f)], "sum", TensorType.Float32, [1, 4, 4, 3]);
        int again = twice.Call(BuiltinOperator.Mul, [product, sum], "again", TensorType.Float32, [1, 4, 4, 3]);
        AssertSame(twice.Return(again), null, "Mul", "Add", "Mul");

        var output = new SubgraphBuilder("main");
        x = output.Input("x", TensorType.Float32, 1, 4, 4, 3);
        int padded = Pad(output, x, [0, 0, 1, 1, 1, 1, 0, 0], 1, 6, 6, 3);
        int y = Convolution(output, padded, 3, 4, "y", new Conv2DOptions { StrideH = 1, StrideW = 1, Padding = Padding.Valid }, hybrid: false, 1, 4, 4, 4);
        AssertSame(output.Return(y, padded), null, "Pad", "Conv2D");
    }

    [Fact]
    public void Only_zeros_around_height_and_width_are_padding()
    {
        foreach ((float value, int[] widths) in new[] { (1f, new[] { 0, 0, 1, 1, 1, 1, 0, 0 }), (0f, [0, 0, 1, 1, 1, 1, 1, 1]), (0f, [1, 1, 0, 0, 0, 0, 0, 0]) })
        {
            var main = new SubgraphBuilder("main");
            int x = main.Input("x", TensorType.Float32, 1, 4, 4, 3);
            int[] shape = [.. new[] { 1, 4, 4, 3 }.Select((size, d) => size + widths[2 * d] + widths[2 * d + 1])];
            int padded = main.Call(BuiltinOperator.Padv2, [x, main.Constant(TensorType.Int32, widths, 4, 2), main.Scalar(value)], "padded", TensorType.Float32, shape);
            int y = Convolution(main, padded, shape[3], 4, "y", new Conv2DOptions { StrideH = 1, StrideW = 1, Padding = Padding.Valid }, hybrid: false, shape[0], shape[1] - 2, shape[2] - 2, 4);
            AssertSame(main.Return(y), null, "Padv2", "Conv2D");
        }
    }

    private static int Pad(SubgraphBuilder main, int x, int[] widths, params int[] shape) =>
        main.Call(BuiltinOperator.Pad, [x, main.Constant(TensorType.Int32, widths, 4, 2)], "padded", TensorType.Float32, shape);

    private static int Convolution(SubgraphBuilder main, int x, int channels, int outputs, string name, Conv2DOptions options, bool hybrid, params int[] shape)
    {
        var random = new Random(channels + outputs);
        int weights = outputs * 9 * channels, bias = main.Constant(TensorType.Float32, Numbers.Floats(random, outputs), outputs);
        int filter = hybrid
            ? main.Codes(Numbers.Bytes(random, weights, -127, 127), [.. Numbers.Floats(random, outputs).Select(scale => MathF.Abs(scale) / 100 + 0.001f)], outputs, 3, 3, channels)
            : main.Constant(TensorType.Float32, Numbers.Floats(random, weights), outputs, 3, 3, channels);
        return main.Call(BuiltinOperator.Conv2D, [x, filter, bias], name, TensorType.Float32, shape, options);
    }

    /// <summary>The outputs with and without fusion, and the steps that there are with it.</summary>
    private static void AssertSame(SubgraphBuilder main, string? row, params string[] steps)
    {
        byte[] file = ModelWriter.Write(main);
        using CompiledModel fused = CompiledModel.Load(file, new CompileOptions { Isa = row }), plain = CompiledModel.Load(file, new CompileOptions { Isa = row, KeepAllTensors = true });
        using Session session = fused.CreateSession(), reference = plain.CreateSession();
        Assert.Equal(steps, session.Plan.Select(step => step.Operator));
        Assert.Equal(main.Operators.Count, reference.Plan.Count);
        for (int run = 0; run < 2; run++)
        {
            for (int i = 0; i < main.Inputs.Count; i++)
            {
                float[] values = Numbers.Floats(new Random(i + run), session.Input<float>(i).Length, 3);
                values.CopyTo(session.Input<float>(i));
                values.CopyTo(reference.Input<float>(i));
            }

            session.Run();
            reference.Run();
            for (int i = 0; i < main.Outputs.Count; i++)
                Assert.Equal(MemoryMarshal.Cast<float, int>(reference.Output<float>(i)).ToArray(), MemoryMarshal.Cast<float, int>(session.Output<float>(i)).ToArray());
        }
    }
}
