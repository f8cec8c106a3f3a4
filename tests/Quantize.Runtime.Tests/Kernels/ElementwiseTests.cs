using Quantize.Runtime.Kernels;

namespace Quantize.Runtime.Tests.Kernels;

/// <summary>Every function on every row, whole vectors and the rest behind them.</summary>
public sealed class ElementwiseTests
{
    private static readonly Dictionary<UnaryFunction, Func<double, double>> Unary = new()
    {
        [UnaryFunction.Abs] = Math.Abs,
        [UnaryFunction.Ceil] = Math.Ceiling,
        [UnaryFunction.Cos] = Math.Cos,
        [UnaryFunction.Elu] = x => x < 0 ? Math.Exp(x) - 1 : x,
        [UnaryFunction.Exp] = Math.Exp,
        [UnaryFunction.Floor] = Math.Floor,
        [UnaryFunction.GeluTanh] = x => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))),
        [UnaryFunction.HardSwish] = x => x * Math.Clamp(x + 3, 0, 6) / 6,
        [UnaryFunction.Log] = Math.Log,
        [UnaryFunction.Logistic] = x => 1 / (1 + Math.Exp(-x)),
        [UnaryFunction.Neg] = x => -x,
        [UnaryFunction.Relu] = x => Math.Max(x, 0),
        [UnaryFunction.Relu0To1] = x => Math.Clamp(x, 0, 1),
        [UnaryFunction.Relu6] = x => Math.Clamp(x, 0, 6),
        [UnaryFunction.ReluN1To1] = x => Math.Clamp(x, -1, 1),
        [UnaryFunction.Round] = x => Math.Round(x, MidpointRounding.ToEven),
        [UnaryFunction.Rsqrt] = x => 1 / Math.Sqrt(x),
        [UnaryFunction.Sign] = x => double.IsNaN(x) ? x : Math.Sign(x),
        [UnaryFunction.Sin] = Math.Sin,
        [UnaryFunction.Sqrt] = Math.Sqrt,
        [UnaryFunction.Square] = x => x * x,
        [UnaryFunction.Tanh] = Math.Tanh,
    };

    private static readonly Dictionary<BinaryFunction, Func<double, double, double>> Binary = new()
    {
        [BinaryFunction.Add] = (a, b) => a + b,
        [BinaryFunction.Atan2] = Math.Atan2,
        [BinaryFunction.Divide] = (a, b) => a / b,
        [BinaryFunction.FloorDivide] = (a, b) => Math.Floor(a / b),
        [BinaryFunction.FloorModulo] = (a, b) => a - Math.Floor(a / b) * b,
        [BinaryFunction.Maximum] = Math.Max,
        [BinaryFunction.Minimum] = Math.Min,
        [BinaryFunction.Multiply] = (a, b) => a * b,
        [BinaryFunction.Power] = Math.Pow,
        [BinaryFunction.Prelu] = (a, b) => a < 0 ? a * b : a,
        [BinaryFunction.SquaredDifference] = (a, b) => (a - b) * (a - b),
        [BinaryFunction.Subtract] = (a, b) => a - b,
    };

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Functions_of_one_operand_are_right_at_every_length(string row)
    {
        foreach ((UnaryFunction function, Func<double, double> exact) in Unary)
        {
            for (int length = 0; length <= 67; length++)
            {
                float[] source = Numbers.Floats(new Random(length), length, 8);
                var target = new float[length];
                KernelRows.Of(row).Elementwise.Unary(function, source, target);
                for (int i = 0; i < length; i++)
                    AssertNear(exact(source[i]), target[i], $"{function}({source[i]:R})");
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Functions_of_two_operands_are_right_at_every_length(string row)
    {
        foreach ((BinaryFunction function, Func<double, double, double> exact) in Binary)
        {
            for (int length = 1; length <= 67; length++)
            {
                foreach ((int lengthA, int lengthB) in ((int, int)[])[(length, length), (1, length), (length, 1)])
                {
                    float[] a = Numbers.Floats(new Random(length), lengthA, 8), b = Numbers.Floats(new Random(~length), lengthB, 8);
                    var target = new float[length];
                    KernelRows.Of(row).Elementwise.Binary(function, a, b, target, float.NegativeInfinity, float.PositiveInfinity);
                    for (int i = 0; i < length; i++)
                    {
                        float x = a[lengthA == 1 ? 0 : i], y = b[lengthB == 1 ? 0 : i];
                        AssertNear(exact(x, y), target[i], $"{function}({x:R}, {y:R})");
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Results_of_two_operands_are_clamped(string row)
    {
        float[] a = Numbers.Floats(new Random(1), 37, 8), target = new float[37];
        KernelRows.Of(row).Elementwise.Binary(BinaryFunction.Add, a, a, target, 0, 6);
        for (int i = 0; i < a.Length; i++)
            Assert.Equal(Math.Clamp(a[i] + a[i], 0, 6), target[i]);
    }

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void NaN_passes_through_every_function(string row)
    {
        float[] source = [.. Enumerable.Repeat(float.NaN, 19)], one = [1], target = new float[19];
        foreach (UnaryFunction function in Enum.GetValues<UnaryFunction>())
        {
            KernelRows.Of(row).Elementwise.Unary(function, source, target);
            Assert.True(Array.TrueForAll(target, float.IsNaN), $"{function}(NaN) is {target[0]} and {target[^1]}");
        }

        foreach (BinaryFunction function in Enum.GetValues<BinaryFunction>())
        {
            KernelRows.Of(row).Elementwise.Binary(function, source, one, target, 0, 6);
            Assert.True(Array.TrueForAll(target, float.IsNaN), $"{function}(NaN, 1) is {target[0]} and {target[^1]}");
        }
    }

    [Fact]
    public void Every_function_is_tested()
    {
        Assert.Equal(Enum.GetValues<UnaryFunction>().Except([UnaryFunction.GeluErf]), Unary.Keys.Order()); // TranscendentalTests has that one
        Assert.Equal(Enum.GetValues<BinaryFunction>(), Binary.Keys.Order());
    }

    /// <summary>A few units in the last place, or 1e-6 where the exact result is small because terms cancel.</summary>
    private static void AssertNear(double exact, float actual, string what)
    {
        bool near = double.IsNaN(exact) ? float.IsNaN(actual) : Numbers.UlpsApart(exact, actual) <= 8 || Math.Abs(exact - actual) <= 1e-6;
        Assert.True(near, $"{what} is {actual:R}, not {exact:R}");
    }
}
