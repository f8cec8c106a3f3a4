using System.Runtime.InteropServices;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Tests.Kernels;

public sealed class ActivationQuantizerTests
{
    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void The_range_is_the_least_and_the_greatest_value(string row)
    {
        ActivationQuantizer quantizer = KernelRows.Of(row).ActivationQuantizer;
        Assert.Equal((0, 0), quantizer.Range([]));
        for (int length = 1; length <= 70; length++)
        {
            float[] values = Numbers.Floats(new Random(length), length, 1000);
            Assert.Equal((values.Min(), values.Max()), quantizer.Range(values));
        }
    }

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void A_value_that_is_not_finite_leaves_no_range(string row)
    {
        ActivationQuantizer quantizer = KernelRows.Of(row).ActivationQuantizer;
        for (int length = 1; length <= 40; length++)
        {
            for (int at = 0; at < length; at++)
            {
                foreach (float value in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
                {
                    float[] values = Numbers.Floats(new Random(at), length);
                    values[at] = value;
                    (float minimum, float maximum) = quantizer.Range(values);
                    Assert.True(float.IsNaN(minimum) && float.IsNaN(maximum), $"the range of {length} values with {value} at {at} is [{minimum}, {maximum}]");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Codes_are_the_same_on_every_row(string row)
    {
        foreach (ActivationForm form in Enum.GetValues<ActivationForm>())
        {
            for (int length = 0; length <= 70; length++)
            {
                float[] values = Numbers.Floats(new Random(length), length, 3);
                ActivationScale scale = form == ActivationForm.Unsigned7 ? ActivationScale.NonNegative(3) : ActivationScale.Asymmetric(-3, 2.7f);
                CheckCodes(KernelRows.Of(row).ActivationQuantizer, values, scale, form);
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Halves_go_to_the_even_code(string row)
    {
        float[] values = [.. Enumerable.Range(-140, 280).Select(i => i + 0.5f)];
        foreach (int zeroPoint in (int[])[-128, -1, 0, 1, 127])
        {
            foreach (ActivationForm form in (ActivationForm[])[ActivationForm.Centered16, ActivationForm.Unsigned8, ActivationForm.Signed8])
                CheckCodes(KernelRows.Of(row).ActivationQuantizer, values, new ActivationScale(1, zeroPoint, -128, 127), form);
        }
    }

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void What_is_no_number_gets_some_code_of_the_form(string row)
    {
        float[] values = [.. Enumerable.Range(0, 67).Select(i => (i % 4) switch { 0 => float.NaN, 1 => float.PositiveInfinity, 2 => float.NegativeInfinity, _ => 1 })];
        foreach (ActivationForm form in Enum.GetValues<ActivationForm>())
        {
            foreach (float scale in (float[])[1, float.NaN])
            {
                var stored = new byte[values.Length * form.Bytes()];
                KernelRows.Of(row).ActivationQuantizer.Quantize(values, new ActivationScale(scale, 0, form == ActivationForm.Unsigned7 ? 0 : -128, 127), form, form.Shift(0), stored);
                if (form == ActivationForm.Centered16)
                    Assert.All(MemoryMarshal.Cast<byte, short>(stored).ToArray(), code => Assert.InRange(code, -128, 127));
                if (form == ActivationForm.Unsigned7)
                    Assert.All(stored, code => Assert.InRange(code, 0, 127));
            }
        }
    }

    [Theory]
    [InlineData(-1f, 1f)]
    [InlineData(0f, 5f)]
    [InlineData(-7f, 0f)]
    [InlineData(3f, 8f)]
    [InlineData(-9f, -2f)]
    [InlineData(-1e-30f, 1e30f)]
    [InlineData(-0.1f, 200f)]
    public void Asymmetric_codes_cover_the_range_and_have_zero(float minimum, float maximum)
    {
        ActivationScale scale = ActivationScale.Asymmetric(minimum, maximum);
        Assert.InRange(scale.ZeroPoint, -128, 127);
        Assert.InRange((-128 - scale.ZeroPoint) * scale.Scale, double.NegativeInfinity, Math.Min(0, minimum) + scale.Scale * 0.5001);
        Assert.InRange((127 - scale.ZeroPoint) * scale.Scale, Math.Max(0, maximum) - scale.Scale * 0.5001, double.PositiveInfinity);
        Assert.Equal((Math.Max(0, (double)maximum) - Math.Min(0, (double)minimum)) / 255, scale.Scale, scale.Scale * 1e-7);
    }

    [Fact]
    public void A_range_without_extent_has_scale_one_and_an_infinite_one_has_none()
    {
        Assert.Equal(new ActivationScale(1, 0, -128, 127), ActivationScale.Asymmetric(0, 0));
        Assert.Equal(1, ActivationScale.Symmetric(0, 0).Scale);
        Assert.Equal(1, ActivationScale.NonNegative(0).Scale);
        Assert.True(float.IsNaN(ActivationScale.Asymmetric(float.NegativeInfinity, 1).Scale));
        Assert.True(float.IsNaN(ActivationScale.Asymmetric(float.NaN, float.NaN).Scale));
        Assert.True(float.IsNaN(ActivationScale.Symmetric(0, float.PositiveInfinity).Scale));
        Assert.True(float.IsNaN(ActivationScale.NonNegative(float.NaN).Scale));
    }

    private static void CheckCodes(ActivationQuantizer quantizer, float[] values, ActivationScale scale, ActivationForm form)
    {
        int shift = form.Shift(scale.ZeroPoint);
        var stored = new byte[values.Length * form.Bytes()];
        quantizer.Quantize(values, scale, form, shift, stored);
        float inverse = 1 / scale.Scale;
        for (int i = 0; i < values.Length; i++)
        {
            float code = Math.Clamp(MathF.Round(values[i] * inverse + scale.ZeroPoint, MidpointRounding.ToEven), scale.Minimum, scale.Maximum);
            int actual = form switch
            {
                ActivationForm.Centered16 => MemoryMarshal.Cast<byte, short>(stored)[i],
                ActivationForm.Signed8 => (sbyte)stored[i],
                _ => stored[i],
            };
            Assert.True((int)code + shift == actual, $"{form}: value {i} of {values.Length}, {values[i]:R}, is stored as {actual}, not {(int)code + shift}");
        }
    }
}
