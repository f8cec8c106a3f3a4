using Quantize.Converter.TensorFlow;

namespace Quantize.Converter.Tests.Ops;

/// <summary>Functions that are written in others, against values of tables.</summary>
public sealed class SpecialFunctionTests
{
    private readonly TfGraphBuilder _builder = new();

    [Fact]
    public void The_logarithm_of_the_gamma_function() => Check(
        "Lgamma",
        [1, 2, 3, 0.5f, -0.5f, -2.5f, 1e-3f, 100, float.PositiveInfinity, 0, -3],
        [0, 0, 0.693147181f, 0.572364943f, 1.26551212f, -0.0562437164f, 6.90717888f, 359.13420537f, float.PositiveInfinity, float.PositiveInfinity, float.PositiveInfinity]);

    [Fact]
    public void Its_derivative() => Check("Digamma", [1, 2, 10, -0.5f, 0.25f], [-0.577215665f, 0.422784335f, 2.25175259f, 0.0364899740f, -4.22745353f]);

    [Fact]
    public void The_inverse_of_the_error_function() =>
        Check("Erfinv", [0, 0.5f, -0.5f, 0.9999f, 1, -1], [0, 0.476936276f, -0.476936276f, 2.7510639f, float.PositiveInfinity, float.NegativeInfinity]);

    [Fact]
    public void The_quantile_of_the_normal_distribution() => Check("Ndtri", [0.5f, 0.975f, 0.025f, 1], [0, 1.95996398f, -1.95996398f, float.PositiveInfinity]);

    [Fact]
    public void Integers_are_round_already()
    {
        TfEdge y = _builder.As(TfDataType.Int32, _builder.Node("y", "Round", [_builder.Node("x", "Neg", [_builder.Input("i", TfDataType.Int32, 2)])]));
        Assert.Equal([-3, 4], GraphRun.Ints(_builder, y, new[] { 3, -4 }));
    }

    [Fact]
    public void The_product_across_two_vectors()
    {
        TfEdge y = _builder.Node("y", "Cross", [_builder.Input("a", 2, 3), _builder.Input("b", 2, 3)]);
        Assert.Equal([-3, 6, -3, 0, 0, 1], GraphRun.Floats(_builder, y, new float[] { 1, 2, 3, 1, 0, 0 }, new float[] { 4, 5, 6, 0, 1, 0 }));
    }

    private void Check(string op, float[] x, float[] expected)
    {
        float[] results = GraphRun.Floats(_builder, _builder.Node("y", op, [_builder.Input("x", x.Length)]), x);
        Assert.All(results.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, (a, b) => a.Equals(b) || MathF.Abs(a - b) <= 2e-5f * MathF.Max(1, MathF.Abs(a))));
    }
}
