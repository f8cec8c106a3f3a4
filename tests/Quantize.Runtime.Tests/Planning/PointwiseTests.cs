using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Tests.Kernels;
using Quantize.Runtime.Tests.Models;

namespace Quantize.Runtime.Tests.Planning;

/// <summary>Small elementwise steps that became one program compute, bit for bit, what they compute one by one.</summary>
public sealed class PointwiseTests
{
    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void The_gates_of_an_LSTM_are_one_step(string row)
    {
        foreach ((int batch, int units) in new[] { (1, 1), (1, 7), (1, 16), (1, 37), (3, 5), (2, 32) })
        {
            var main = new SubgraphBuilder("main");
            int x = main.Input("x", TensorType.Float32, batch, 4 * units), h = main.Input("h", TensorType.Float32, batch, 4 * units), cell = main.Input("cell", TensorType.Float32, batch, units);
            (int output, int newCell) = Cell(main, x, h, cell, batch, units);
            Assert.Single(AssertSame(main.Return(output, newCell), row));
        }
    }

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void A_tensor_that_something_else_reads_in_between_is_computed_where_it_was(string row)
    {
        var main = new SubgraphBuilder("main");
        int x = main.Input("x", TensorType.Float32, 1, 20);
        int[] shape = [1, 20];
        int a = main.Call(BuiltinOperator.Tanh, [x], "a", TensorType.Float32, shape);
        int sorted = main.Call(BuiltinOperator.ReverseV2, [a, main.Constant(TensorType.Int32, [1], 1)], "turned", TensorType.Float32, shape);
        int b = main.Call(BuiltinOperator.Logistic, [a], "b", TensorType.Float32, shape);
        int c = main.Call(BuiltinOperator.Mul, [b, sorted], "c", TensorType.Float32, shape);
        int d = main.Call(BuiltinOperator.Sub, [c, a], "d", TensorType.Float32, shape);
        int y = main.Call(BuiltinOperator.Add, [d, main.Scalar(0.5f)], "y", TensorType.Float32, shape, new AddOptions { Activation = ActivationFunction.Relu });
        Assert.Equal(["Tanh", "ReverseV2", "Logistic+Mul+Sub+Add"], AssertSame(main.Return(y), row));
    }

    [Fact]
    public void Long_rows_keep_a_step_for_each_function()
    {
        var main = new SubgraphBuilder("main");
        int[] shape = [1, 2000];
        int x = main.Input("x", TensorType.Float32, shape);
        int a = main.Call(BuiltinOperator.Tanh, [x], "a", TensorType.Float32, shape), b = main.Call(BuiltinOperator.Mul, [a, x], "b", TensorType.Float32, shape);
        Assert.Equal(3, AssertSame(main.Return(main.Call(BuiltinOperator.Logistic, [b], "y", TensorType.Float32, shape)), "scalar").Count);
    }

    /// <summary>With a bias for the forget gate, and the gates in the order input, candidate, forget, output.</summary>
    private static (int Output, int Cell) Cell(SubgraphBuilder main, int x, int h, int cell, int batch, int units)
    {
        int[] row = [batch, units];
        int Float(BuiltinOperator code, string name, params int[] inputs) => main.Call(code, inputs, name, TensorType.Float32, row);
        int both = main.Call(BuiltinOperator.Add, [x, h], "both", TensorType.Float32, [batch, 4 * units]);
        int sums = main.Call(BuiltinOperator.Add, [both, main.Constant(TensorType.Float32, Numbers.Floats(new Random(1), 4 * units), 4 * units)], "sums", TensorType.Float32, [batch, 4 * units]);
        int[] gates = [.. Enumerable.Range(0, 4).Select(i => main.Tensor($"gate{i}", TensorType.Float32, row))];
        main.Call(BuiltinOperator.Split, [main.Scalar(1), sums], gates, new SplitOptions { NumSplits = 4 });
        int kept = Float(BuiltinOperator.Mul, "kept", cell, Float(BuiltinOperator.Logistic, "forget", Float(BuiltinOperator.Add, "biased", gates[2], main.Scalar(1f))));
        int taken = Float(BuiltinOperator.Mul, "taken", Float(BuiltinOperator.Logistic, "input", gates[0]), Float(BuiltinOperator.Tanh, "candidate", gates[1]));
        int next = Float(BuiltinOperator.Add, "next", kept, taken);
        return (Float(BuiltinOperator.Mul, "output", Float(BuiltinOperator.Tanh, "squashed", next), Float(BuiltinOperator.Logistic, "out", gates[3])), next);
    }

    /// <summary>The operators of the plan with programs, whose outputs are those of the plan without.</summary>
    private static List<string> AssertSame(SubgraphBuilder main, string row)
    {
        byte[] bytes = ModelWriter.Write(main);
        using CompiledModel joint = CompiledModel.Load(bytes, new CompileOptions { Isa = row }), apart = CompiledModel.Load(bytes, new CompileOptions { Isa = row, KeepAllTensors = true });
        using Session actual = joint.CreateSession(), expected = apart.CreateSession();
        for (int i = 0; i < actual.Signature.Inputs.Count; i++)
        {
            float[] values = Numbers.Floats(new Random(i), actual.Input<float>(i).Length);
            values.CopyTo(actual.Input<float>(i));
            values.CopyTo(expected.Input<float>(i));
        }

        actual.Run();
        expected.Run();
        for (int i = 0; i < actual.Signature.Outputs.Count; i++)
            Assert.Equal(expected.Output<float>(i).ToArray(), actual.Output<float>(i).ToArray());
        return [.. actual.Plan.Select(step => step.Operator)];
    }
}
