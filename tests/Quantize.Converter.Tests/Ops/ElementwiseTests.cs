using System.Runtime.InteropServices;
using Quantize.Converter.TensorFlow;

namespace Quantize.Converter.Tests.Ops;

/// <summary>Functions element by element, for types and numbers that the corpus does not have.</summary>
public sealed class ElementwiseTests
{
    private const float Tolerance = 1e-6f;
    private const float Infinity = float.PositiveInfinity;

    private static readonly float[] s_numbers = [float.NaN, Infinity, -Infinity, 0, -0f, 1e38f, -1e38f, 1e-30f, -1e-30f, 1, -1, 0.5f, 2.5f, -2.5f, 3.5f, 88.8f, -104, 1.5f, -0.75f, 12];

    private readonly TfGraphBuilder _builder = new();

    public static TheoryData<string> Unary => [.. s_unary.Keys];

    private static readonly Dictionary<string, Func<double, double>> s_unary = new()
    {
        ["Abs"] = Math.Abs,
        ["Acos"] = Math.Acos,
        ["Acosh"] = Math.Acosh,
        ["Asin"] = Math.Asin,
        ["Asinh"] = Math.Asinh,
        ["Atan"] = Math.Atan,
        ["Atanh"] = Math.Atanh,
        ["Ceil"] = Math.Ceiling,
        ["Cos"] = Math.Cos,
        ["Cosh"] = Math.Cosh,
        ["Elu"] = x => x < 0 ? Math.Exp(x) - 1 : x,
        ["Exp"] = Math.Exp,
        ["Expm1"] = x => Math.Exp(x) - 1,
        ["Floor"] = Math.Floor,
        ["Inv"] = x => 1 / x,
        ["LeakyRelu"] = x => x < 0 ? 0.2f * x : x,
        ["Log"] = Math.Log,
        ["Log1p"] = x => Math.Log(1 + x),
        ["Neg"] = x => -x,
        ["Relu"] = x => Math.Max(x, 0),
        ["Relu6"] = x => Math.Min(Math.Max(x, 0), 6),
        ["Rint"] = x => Math.Round(x, MidpointRounding.ToEven),
        ["Round"] = x => Math.Round(x, MidpointRounding.ToEven),
        ["Rsqrt"] = x => 1 / Math.Sqrt(x),
        ["Selu"] = x => 1.05070098 * (x < 0 ? 1.67326324 * (Math.Exp(x) - 1) : x),
        ["Sigmoid"] = x => 1 / (1 + Math.Exp(-x)),
        ["Sign"] = x => double.IsNaN(x) ? x : Math.Sign(x),
        ["Sin"] = Math.Sin,
        ["Sinh"] = Math.Sinh,
        ["Softplus"] = x => x > 40 ? x : Math.Log(1 + Math.Exp(x)),
        ["Softsign"] = x => x / (1 + Math.Abs(x)),
        ["Sqrt"] = Math.Sqrt,
        ["Square"] = x => x * x,
        ["Tan"] = Math.Tan,
        ["Tanh"] = Math.Tanh,
    };

    [Theory]
    [MemberData(nameof(Unary))]
    public void A_function_of_one_number_is_the_mathematical_one_even_at_the_edges(string op)
    {
        TfEdge y = _builder.Node("y", op, [_builder.Input("x", s_numbers.Length)]);
        AssertClose([.. s_numbers.Select(x => (float)s_unary[op](x))], GraphRun.Floats(_builder, y, s_numbers));
    }

    [Theory]
    [InlineData("Erf", new float[] { float.NaN, 1, -1, 0, 0.8427008f, -0.5204999f, 1 })]
    [InlineData("Erfc", new float[] { float.NaN, 0, 2, 1, 0.1572992f, 1.5204999f, 0 })]
    public void The_error_function_is_bounded(string op, float[] expected)
    {
        TfEdge y = _builder.Node("y", op, [_builder.Input("x", 7)]);
        AssertClose(expected, GraphRun.Floats(_builder, y, new float[] { float.NaN, Infinity, -Infinity, 0, 1, -0.5f, 1e38f }));
    }

    [Theory]
    [InlineData("IsNan", new byte[] { 1, 0, 0, 0 })]
    [InlineData("IsInf", new byte[] { 0, 1, 1, 0 })]
    [InlineData("IsFinite", new byte[] { 0, 0, 0, 1 })]
    public void What_is_no_number_is_known(string op, byte[] expected)
    {
        TfEdge y = _builder.Node("y", op, [_builder.Input("x", 4)]);
        Assert.Equal(expected, GraphRun.Bytes(_builder, y, new float[] { float.NaN, Infinity, -Infinity, 1e38f }).Data);
    }

    public static TheoryData<string> Binary => [.. s_binary.Keys];

    private static readonly Dictionary<string, Func<float, float, double>> s_binary = new()
    {
        ["AddV2"] = (x, y) => x + y,
        ["Atan2"] = (x, y) => Math.Atan2(x, y),
        ["DivNoNan"] = (x, y) => y == 0 ? 0 : x / y,
        ["FloorDiv"] = (x, y) => MathF.Floor(x / y),
        ["FloorMod"] = (x, y) => Modulo(x, y),
        ["Maximum"] = (x, y) => MathF.Max(x, y),
        ["Minimum"] = (x, y) => MathF.Min(x, y),
        ["Mod"] = (x, y) => x % y,
        ["Mul"] = (x, y) => x * y,
        ["MulNoNan"] = (x, y) => y == 0 ? 0 : x * y,
        ["Pow"] = (x, y) => Math.Pow(x, y),
        ["RealDiv"] = (x, y) => x / y,
        ["SquaredDifference"] = (x, y) => (x - y) * (x - y),
        ["Sub"] = (x, y) => x - y,
        ["TruncateMod"] = (x, y) => x % y,
        ["Xdivy"] = (x, y) => x == 0 ? 0 : x / y,
        ["Xlog1py"] = (x, y) => x == 0 ? 0 : x * Math.Log(1 + y),
        ["Xlogy"] = (x, y) => x == 0 ? 0 : x * Math.Log(y),
    };

    [Theory]
    [MemberData(nameof(Binary))]
    public void A_function_of_two_numbers_is_the_mathematical_one_even_at_the_edges(string op)
    {
        float[] first = [.. s_numbers.SelectMany(x => s_numbers.Select(_ => x))], second = [.. s_numbers.SelectMany(_ => s_numbers)];
        TfEdge z = _builder.Node("z", op, [_builder.Input("x", first.Length), _builder.Input("y", first.Length)]);
        AssertClose([.. first.Zip(second, (x, y) => (float)s_binary[op](x, y))], GraphRun.Floats(_builder, z, first, second));
    }

    private static double Modulo(float x, float y)
    {
        float remainder = x % y;
        return remainder != 0 && y < 0 != remainder < 0 ? remainder + y : remainder;
    }

    [Theory]
    [InlineData("Abs", new[] { 7, 3, 0, int.MinValue })]
    [InlineData("Neg", new[] { 7, -3, 0, int.MinValue })]
    [InlineData("Sign", new[] { -1, 1, 0, -1 })]
    [InlineData("Square", new[] { 49, 9, 0, 0 })]
    [InlineData("Relu", new[] { 0, 3, 0, 0 })]
    [InlineData("Relu6", new[] { 0, 3, 0, 0 })]
    [InlineData("Invert", new[] { 6, -4, -1, int.MaxValue })]
    public void Integers_have_the_functions_that_suit_them(string op, int[] expected)
    {
        TfEdge y = _builder.Node("y", op, [_builder.Input("x", TfDataType.Int32, 4)]);
        Assert.Equal(expected, GraphRun.Ints(_builder, y, new[] { -7, 3, 0, int.MinValue }));
    }

    [Theory]
    [InlineData("FloorDiv", new[] { -3, 2, -3, 3 })]
    [InlineData("TruncateDiv", new[] { -2, 2, -2, 3 })]
    [InlineData("Div", new[] { -2, 2, -2, 3 })]
    [InlineData("FloorMod", new[] { 2, 1, -2, 0 })]
    [InlineData("TruncateMod", new[] { -1, 1, 1, 0 })]
    [InlineData("Mod", new[] { -1, 1, 1, 0 })]
    [InlineData("Pow", new[] { -343, 343, 0, 9 })]
    public void Integers_are_divided_with_the_sign_that_the_operation_wants(string op, int[] expected)
    {
        (int[] x, int[] y) = op == "Pow" ? (new[] { -7, 7, 0, 3 }, new[] { 3, 3, 5, 2 }) : (new[] { -7, 7, 7, 9 }, new[] { 3, 3, -3, 3 });
        TfEdge z = _builder.Node("z", op, [_builder.Input("x", TfDataType.Int32, 4), _builder.Input("y", TfDataType.Int32, 4)]);
        Assert.Equal(expected, GraphRun.Ints(_builder, z, x, y));
    }

    private static readonly Dictionary<string, Func<long, long, long>> s_bits = new()
    {
        ["BitwiseAnd"] = (x, y) => x & y,
        ["BitwiseOr"] = (x, y) => x | y,
        ["BitwiseXor"] = (x, y) => x ^ y,
        ["LeftShift"] = (x, y) => x << (int)Math.Clamp(y, 0, 7),
        ["RightShift"] = (x, y) => x >> (int)Math.Clamp(y, 0, 7),
    };

    public static TheoryData<string> Bits => [.. s_bits.Keys];

    [Theory]
    [MemberData(nameof(Bits))]
    public void Bits_are_those_of_the_numbers_in_every_width(string op)
    {
        sbyte[] x = [-128, -128, 127, -1, 85, 3, -77, 0], y = [127, -128, 6, 7, -86, 2, 1, 5];
        Assert.Equal(x.Zip(y, (a, b) => (sbyte)s_bits[op](a, b)), Run<sbyte>(op, TfDataType.Int8, x, y));
        Assert.Equal(x.Zip(y, (a, b) => (byte)s_bits[op]((byte)a, Amount(op, b))), Run<byte>(op, TfDataType.UInt8, [.. x.Select(a => (byte)a)], [.. y.Select(b => (byte)Amount(op, b))]));
        int[] wide = [int.MinValue, int.MaxValue, -1, 0x55555555, unchecked((int)0xAAAAAAAA), 12, -12, 0], other = [int.MinValue, -2, int.MaxValue, -1, 0x0F0F0F0F, 3, 5, 7];
        Assert.Equal(wide.Zip(other, (a, b) => (int)s_bits[op](a, Amount(op, b))), Run<int>(op, TfDataType.Int32, wide, [.. other.Select(b => (int)Amount(op, b))]));
        long[] widest = [long.MinValue, long.MaxValue, -1, 0x5555555555555555, 12], others = [long.MinValue, -2, long.MaxValue, -1, 3];
        Assert.Equal(widest.Zip(others, (a, b) => s_bits[op](a, Amount(op, b))), Run<long>(op, TfDataType.Int64, widest, [.. others.Select(b => Amount(op, b))]));
    }

    /// <summary>A shift by a number of bits that every width has.</summary>
    private static long Amount(string op, long y) => op.EndsWith("Shift", StringComparison.Ordinal) ? y & 7 : y;

    [Theory]
    [InlineData("Equal", new byte[] { 0, 1, 0 })]
    [InlineData("NotEqual", new byte[] { 1, 0, 1 })]
    [InlineData("Greater", new byte[] { 1, 0, 0 })]
    [InlineData("GreaterEqual", new byte[] { 1, 1, 0 })]
    [InlineData("Less", new byte[] { 0, 0, 1 })]
    [InlineData("LessEqual", new byte[] { 0, 1, 1 })]
    public void Unsigned_numbers_are_compared_without_a_sign(string op, byte[] expected)
    {
        Assert.Equal(expected, Run<uint, byte>(op, TfDataType.UInt32, [uint.MaxValue, 5, 1], [1, 5, uint.MaxValue]));
        Assert.Equal(expected, Run<ushort, byte>(op, TfDataType.UInt16, [ushort.MaxValue, 5, 1], [1, 5, ushort.MaxValue]));
        Assert.Equal(expected, Run<byte, byte>(op, TfDataType.UInt8, [255, 5, 1], [1, 5, 255]));
    }

    [Fact]
    public void Numbers_within_a_tolerance_are_about_equal()
    {
        TfEdge z = _builder.Node("z", "ApproximateEqual", [_builder.Input("x", 4), _builder.Input("y", 4)], ("tolerance", 0.25f));
        Assert.Equal([1, 0, 0, 1], GraphRun.Bytes(_builder, z, new float[] { 1, 1, float.NaN, 2 }, new float[] { 1.125f, 1.25f, 0, 2 }).Data);
    }

    [Fact]
    public void Long_integers_are_added_one_after_the_other()
    {
        TfEdge[] parts = [_builder.Input("a", TfDataType.Int64, 2), _builder.Input("b", TfDataType.Int64, 2), _builder.Input("c", TfDataType.Int64, 2)];
        TfEdge sum = _builder.Node("sum", "AddN", parts);
        Assert.Equal([6L, 1L << 40], MemoryMarshal.Cast<byte, long>(GraphRun.Bytes(_builder, sum, new[] { 1L, 0 }, new[] { 2L, 1L << 40 }, new[] { 3L, 0 }).Data).ToArray());
        Assert.Equal("Add Add", GraphRun.Operators(_builder, sum));
    }

    private T[] Run<T>(string op, TfDataType type, T[] x, T[] y)
        where T : unmanaged => Run<T, T>(op, type, x, y);

    private TResult[] Run<T, TResult>(string op, TfDataType type, T[] x, T[] y)
        where T : unmanaged
        where TResult : unmanaged
    {
        var builder = new TfGraphBuilder();
        TfEdge z = builder.Node("z", op, [builder.Input("x", type, x.Length), builder.Input("y", type, y.Length)]);
        return MemoryMarshal.Cast<byte, TResult>(GraphRun.Bytes(builder, z, x, y).Data).ToArray();
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            bool same = expected[i].Equals(actual[i]) || Math.Abs((double)expected[i] - actual[i]) <= Tolerance + 10 * Tolerance * Math.Abs((double)expected[i]);
            Assert.True(same, $"[{i}] is {actual[i]:R}, not {expected[i]:R}");
        }
    }
}
