using System.Runtime.InteropServices;
using Quantize.Converter.TensorFlow;

namespace Quantize.Converter.Tests.Ops;

/// <summary>Casts, and what computes with halves.</summary>
public sealed class TypeTests
{
    private readonly TfGraphBuilder _builder = new();

    [Theory]
    [InlineData(nameof(TfDataType.Int32), new[] { 3, -3, 300, int.MinValue, int.MinValue, int.MinValue, int.MinValue })]
    [InlineData(nameof(TfDataType.Int16), new[] { 3, -3, 300, 0, 0, 0, 0 })]
    [InlineData(nameof(TfDataType.Int8), new[] { 3, -3, 44, 0, 0, 0, 0 })]
    [InlineData(nameof(TfDataType.UInt8), new[] { 3, 253, 44, 0, 0, 0, 0 })]
    [InlineData(nameof(TfDataType.UInt16), new[] { 3, 65533, 300, 0, 0, 0, 0 })]
    [InlineData(nameof(TfDataType.Bool), new[] { 1, 1, 1, 1, 1, 1, 1 })]
    public void Floats_are_cut_towards_zero_and_wrap(string type, int[] expected)
    {
        TfEdge y = Cast(Cast(_builder.Input("x", 7), Enum.Parse<TfDataType>(type), "narrow"), TfDataType.Int32, "y");
        Assert.Equal(expected, GraphRun.Ints(_builder, y, new float[] { 3.9f, -3.9f, 300, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1e38f }));
    }

    [Fact]
    public void Floats_become_long_integers_as_far_as_these_reach()
    {
        TfEdge y = Cast(_builder.Input("x", 4), TfDataType.Int64, "y");
        byte[] data = GraphRun.Bytes(_builder, y, new float[] { 1e18f, -1e18f, 1e19f, float.NaN }).Data;
        Assert.Equal([999999984306749440, -999999984306749440, long.MinValue, long.MinValue], MemoryMarshal.Cast<byte, long>(data).ToArray());
    }

    [Fact]
    public void Long_unsigned_integers_keep_their_magnitude()
    {
        TfEdge y = Cast(Cast(_builder.Input("x", 2), TfDataType.UInt64, "u"), TfDataType.Float32, "y");
        Assert.Equal([1.5e19f, 7], GraphRun.Floats(_builder, y, new float[] { 1.5e19f, 7.5f }));
    }

    [Theory]
    [InlineData(nameof(TfDataType.Float16), 1.0004883f, 1)]
    [InlineData(nameof(TfDataType.Float16), 70000, float.PositiveInfinity)]
    [InlineData(nameof(TfDataType.BFloat16), 1.00390625f, 1)]
    [InlineData(nameof(TfDataType.BFloat16), 1.01171875f, 1.015625f)]
    [InlineData(nameof(TfDataType.BFloat16), float.NaN, float.NaN)]
    public void A_cast_to_a_half_rounds_to_the_even_one(string type, float x, float expected)
    {
        TfEdge y = Cast(Cast(_builder.Input("x", 1), Enum.Parse<TfDataType>(type), "half"), TfDataType.Float32, "y");
        Assert.Equal([expected], GraphRun.Floats(_builder, y, new[] { x }));
    }

    [Theory]
    [InlineData(nameof(TfDataType.Float16), "Cast Add")]
    [InlineData(nameof(TfDataType.BFloat16), "Cast Add")]
    public void Halves_are_widened_where_they_are_computed_with(string type, string operators)
    {
        TfDataType half = Enum.Parse<TfDataType>(type);
        TfEdge one = _builder.Constant("one", half, [1], half == TfDataType.Float16 ? [0x00, 0x3C] : [0x80, 0x3F]);
        TfEdge x = _builder.Input("x", half, 2);
        TfEdge sum = _builder.Node("sum", "AddV2", [x, one], ("T", half));
        TfEdge y = Cast(sum, TfDataType.Float32, "y");
        Assert.Equal(operators, GraphRun.Operators(_builder, y));
    }

    [Fact]
    public void A_model_of_halves_keeps_its_types_outside()
    {
        TfEdge two = _builder.Constant("two", TfDataType.Float16, [], [0x00, 0x40]);
        TfEdge y = _builder.Node("y", "Mul", [_builder.Input("x", TfDataType.Float16, 2), two], ("T", TfDataType.Float16));
        byte[] data = GraphRun.Bytes(_builder, _builder.As(TfDataType.Float16, y), new[] { BitConverter.HalfToUInt16Bits((Half)1.5f), BitConverter.HalfToUInt16Bits((Half)(-3f)) }).Data;
        Assert.Equal([(Half)3, (Half)(-6)], MemoryMarshal.Cast<byte, Half>(data).ToArray());
    }

    [Fact]
    public void A_computed_half_is_rounded_before_its_bits_are_read()
    {
        TfEdge x = _builder.Input("x", TfDataType.Float16, 1);
        TfEdge sum = _builder.Node("sum", "AddV2", [x, x], ("T", TfDataType.Float16));
        TfEdge bits = _builder.Node("bits", "Bitcast", [sum], ("T", TfDataType.Float16), ("type", TfDataType.Int16));
        Assert.Equal([0x4000], GraphRun.Ints(_builder, Cast(bits, TfDataType.Int32, "y"), new[] { BitConverter.HalfToUInt16Bits((Half)1) }));
    }

    [Fact]
    public void A_matrix_of_halves_is_weights_in_float32()
    {
        TfEdge w = _builder.Constant("w", TfDataType.BFloat16, [2, 1], [0x80, 0x3F, 0x00, 0x40]);
        TfEdge half = Cast(_builder.Input("x", 1, 2), TfDataType.BFloat16, "half");
        TfEdge y = Cast(_builder.Node("product", "MatMul", [half, w], ("T", TfDataType.BFloat16)), TfDataType.Float32, "y");
        Assert.Equal([5], GraphRun.Floats(_builder, y, new float[] { 1, 2 }));
    }

    private TfEdge Cast(TfEdge x, TfDataType type, string name) => _builder.Node(name, "Cast", [x], ("DstT", type));
}
