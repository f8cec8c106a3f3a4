using System.Numerics;
using Quantize.Runtime.Kernels;

namespace Quantize.Runtime.Tests.Kernels;

/// <summary>Codes in their different clothes, for lengths that end in the middle of a vector.</summary>
public sealed class CodesTests
{
    private static readonly sbyte[] Signed = [.. Enumerable.Range(0, 301).Select(i => (sbyte)(i * 37))];
    private static readonly byte[] Unsigned = [.. Enumerable.Range(0, 301).Select(i => (byte)(i * 53))];

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Centered_codes_are_floats_less_the_zero_point(string row)
    {
        CodeArithmetic codes = KernelRows.Of(row).CodeArithmetic;
        var centered = new float[Signed.Length];
        codes.Center<sbyte>(Signed, -11, centered);
        Assert.Equal(Signed.Select(code => code + 11f), centered);
        codes.Center<byte>(Unsigned, 128, centered);
        Assert.Equal(Unsigned.Select(code => code - 128f), centered);
    }

    /// <summary>Equal scales, one much finer, an output finer than twice the coarser one by more than the headroom, and subtraction; one code for all on either side.</summary>
    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Sums_of_codes_are_those_of_the_scalar_products(string row)
    {
        foreach ((double a, double b, double output, int sign) in ((double, double, double, int)[])[(0.5, 0.5, 0.7, 1), (0.03, 0.5, 0.9, -1), (0.4, 0.001, 0.31, 1), (0.3, 0.3, 1e-8, 1)])
        {
            double coarse = 2 * Math.Max(a, b);
            var form = new CodeSum(
                FixedPointMultiplier.Of(a / coarse), FixedPointMultiplier.Of(b / coarse), FixedPointMultiplier.Of(coarse / ((1 << CodeSum.Headroom) * output)), -3, 7, sign, 5, -100, 120);
            sbyte[] turned = [.. Signed.Reverse()], one = [-77];
            CheckSums<sbyte>(row, form, Signed, turned);
            CheckSums<sbyte>(row, form, one, turned);
            CheckSums<sbyte>(row, form, Signed, one);
            CheckSums<byte>(row, form with { Minimum = 0, Maximum = 255 }, Unsigned, [.. Unsigned.Reverse()]);
        }
    }

    /// <summary>Ties on both sides of 0, beyond the range, infinities and NaN; every length that ends in the middle of a vector.</summary>
    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Floats_become_codes_and_codes_floats(string row)
    {
        foreach ((float scale, int zeroPoint) in ((float, int)[])[(1, 0), (0.5f, -7), (0.0371f, 3), (3e-39f, 0)])
        {
            CheckAffine<sbyte>(row, scale, zeroPoint);
            CheckAffine<byte>(row, scale, 100 + zeroPoint);
            CheckAffine<short>(row, scale, 40 * zeroPoint);
        }
    }

    private static void CheckAffine<T>(string row, float scale, int zeroPoint)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        AffineCodes affine = KernelRows.Of(row).AffineCodes;
        float[] special = [0.5f, -0.5f, 1.5f, -1.5f, 2.5f, -2.5f, 0.49999997f, -0.49999997f, 8388609f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1e30f, -1e30f, -0f];
        float[] values = [.. special.Select(value => value * scale), .. special, .. Numbers.Floats(new Random(1), 86, 40000 * scale)];
        for (int length = 0; length <= values.Length; length++)
        {
            var codes = new T[length];
            affine.Quantize(values.AsSpan(0, length), scale, zeroPoint, codes.AsSpan());
            Assert.Equal(values.Take(length).Select(value => T.CreateSaturating(MathF.Round(value / scale, MidpointRounding.AwayFromZero) + zeroPoint)), codes);
            var reals = new float[length];
            affine.Dequantize<T>(codes, scale, zeroPoint, reals);
            Assert.Equal(codes.Select(code => scale * (int.CreateTruncating(code) - zeroPoint)), reals);
        }
    }

    private static void CheckSums<T>(string row, CodeSum form, T[] a, T[] b)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        var sums = new T[Math.Max(a.Length, b.Length)];
        KernelRows.Of(row).CodeArithmetic.Sum<T>(form, a, b, sums);
        Assert.Equal(sums.Select((_, i) => T.CreateTruncating(form.Of(int.CreateTruncating(a[i % a.Length]), int.CreateTruncating(b[i % b.Length])))), sums);
    }

    [Fact]
    public void Stored_words_are_codes_less_the_zero_point()
    {
        var stored = new short[Signed.Length];
        StoredCodes.AsWords(Signed, -128, stored);
        Assert.Equal(Signed.Select(code => (short)(code + 128)), stored);
        StoredCodes.AsWords(Unsigned, 255, stored);
        Assert.Equal(Unsigned.Select(code => (short)(code - 255)), stored);
    }

    [Fact]
    public void Stored_bytes_keep_or_turn_their_sign()
    {
        var stored = new byte[Unsigned.Length];
        StoredCodes.AsBytes(Unsigned, turnSign: true, stored);
        Assert.Equal(Unsigned.Select(code => (byte)(code ^ 0x80)), stored);
        StoredCodes.AsBytes(Unsigned, turnSign: false, stored);
        Assert.Equal(Unsigned, stored);
    }

    [Fact]
    public void Both_bytes_of_a_word_make_it_again()
    {
        short[] words = [0, 1, -1, 255, 256, -256, short.MinValue, short.MaxValue, -12345];
        sbyte[] high = new sbyte[words.Length], low = new sbyte[words.Length];
        StoredCodes.ByteOfWords<sbyte>(words, low: false, 0, high);
        StoredCodes.ByteOfWords<sbyte>(words, low: true, 0, low);
        Assert.Equal(words, high.Zip(low, (h, l) => (short)(256 * h + l + 128)));
    }

    [Fact]
    public void The_first_of_packed_codes_lies_in_the_lowest_bits()
    {
        Assert.Equal((sbyte[])[1, -8, 7, -1], PackedCodes.Unpack([0x81, 0xF7], 4, 4));
        Assert.Equal((sbyte[])[0, 1, -2, -1, 1], PackedCodes.Unpack([0b11_10_01_00, 0b01], 5, 2));
    }

    [Fact]
    public void A_table_of_samples_meets_the_line_it_samples()
    {
        short[] table = CodeTable.Of16Bits(1f / 32768, 0, 1f / 32768, 0, _ => { });
        foreach (short code in (short[])[short.MinValue, -1, 0, 1, 127, 128, 12345])
            Assert.Equal(code, CodeTable.Interpolate(table, code), 1.0);
    }
}
