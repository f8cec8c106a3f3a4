using Quantize.Runtime.Kernels;

namespace Quantize.Runtime.Tests.Kernels;

/// <summary>The functions of our own against double precision, over floats spread through all magnitudes; the bounds are those of the kernels' comments.</summary>
public sealed class TranscendentalTests
{
    private static readonly Dictionary<string, (UnaryFunction Function, Func<double, double> Exact, double Ulps)> Functions = new()
    {
        ["Exp"] = (UnaryFunction.Exp, Math.Exp, 2),
        ["Log"] = (UnaryFunction.Log, Math.Log, 2),
        ["Logistic"] = (UnaryFunction.Logistic, x => 1 / (1 + Math.Exp(-x)), 3),
        ["Tanh"] = (UnaryFunction.Tanh, Math.Tanh, 4),
    };

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string row in KernelRows.All)
            {
                foreach (string function in Functions.Keys)
                    cases.Add(row, function);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Errors_stay_below_the_stated_bound(string row, string name)
    {
        (UnaryFunction function, Func<double, double> exact, double bound) = Functions[name];
        float[] values = [.. Spread(), .. Around(-110, 110), .. Around(-1, 1), 0, float.MaxValue, float.MinValue, float.Epsilon];
        var results = new float[values.Length];
        KernelRows.Of(row).Elementwise.Unary(function, values, results);
        double worst = 0;
        float where = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double ulps = Numbers.UlpsApart(exact(values[i]), results[i]);
            (worst, where) = ulps > worst ? (ulps, values[i]) : (worst, where);
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{name} on {row}: {worst:F3} ulp at {where:R}");
        Assert.True(worst <= bound, $"{name} is {worst:F3} ulp off at {where:R}; {bound} is the bound");
    }

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void The_error_function_is_within_2e7(string row)
    {
        float[] values = [.. Around(-6, 6), .. Around(-1, 1)];
        var results = new float[values.Length];
        KernelRows.Of(row).Elementwise.Unary(UnaryFunction.GeluErf, values, results);
        for (int i = 0; i < values.Length; i++)
        {
            double x = values[i];
            double exact = x * 0.5 * (1 + Erf(x / Math.Sqrt(2)));
            Assert.Equal(exact, results[i], 4e-7 * Math.Max(1, Math.Abs(x)));
        }
    }

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Special_values_are_those_of_IEEE(string row)
    {
        float[] values = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f, 89, -104];
        Assert.Equal([float.NaN, float.PositiveInfinity, 0, 1, 1, float.PositiveInfinity, 0], Apply(row, UnaryFunction.Exp, values));
        Assert.Equal([float.NaN, 1, 0, 0.5f, 0.5f, 1], Apply(row, UnaryFunction.Logistic, values[..6]));
        Assert.Equal([float.NaN, 1, -1, 0, 0, 1, -1], Apply(row, UnaryFunction.Tanh, values));
        Assert.Equal([float.NaN, float.PositiveInfinity, float.NaN, float.NegativeInfinity, float.NegativeInfinity, 4.4886365f, float.NaN], Apply(row, UnaryFunction.Log, values));
    }

    private static float[] Apply(string row, UnaryFunction function, float[] values)
    {
        var results = new float[values.Length];
        KernelRows.Of(row).Elementwise.Unary(function, values, results);
        return results;
    }

    /// <summary>Bit patterns in even steps: every exponent, both signs, subnormals.</summary>
    private static IEnumerable<float> Spread() => Enumerable.Range(0, 200_000).Select(i => BitConverter.Int32BitsToSingle(unchecked(i * 21_475))).Where(float.IsFinite);

    private static IEnumerable<float> Around(double low, double high) => Enumerable.Range(0, 100_000).Select(i => (float)(low + (high - low) * i / 100_000));

    /// <summary>By its Maclaurin series, in double: enough below 5, and 1 beyond.</summary>
    private static double Erf(double x)
    {
        if (Math.Abs(x) > 5)
            return Math.Sign(x);
        double sum = 0, term = x;
        for (int n = 0; n < 200; n++)
        {
            sum += term / (2 * n + 1);
            term *= -x * x / (n + 1);
        }

        return sum * 2 / Math.Sqrt(Math.PI);
    }
}
