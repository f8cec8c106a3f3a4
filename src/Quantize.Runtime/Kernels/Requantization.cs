using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Quantize.Runtime.Kernels;

/// <summary>Sums of products become codes: each output's sum times its factor, rounded, plus the zero point, clamped.</summary>
internal sealed class Requantization
{
    private const int WidestVector = 16;

    private readonly FixedPointMultiplier[] _multipliers;
    private readonly Requantizer _requantizer;
    private readonly AlignedBuffer _mantissas;
    private readonly AlignedBuffer _lefts;
    private readonly AlignedBuffer _rights;
    private readonly AlignedBuffer _halves;

    /// <summary>One factor for each output, or the same for all.</summary>
    public Requantization(Requantizer requantizer, FixedPointMultiplier[] multipliers, int outputs, FixedPointRounding rounding, int zeroPoint, int minimum, int maximum)
    {
        _requantizer = requantizer;
        _multipliers = multipliers.Length == 1 ? [.. Enumerable.Repeat(multipliers[0], outputs)] : multipliers;
        (Rounding, ZeroPoint, Minimum, Maximum) = (rounding, zeroPoint, minimum, maximum);
        ShiftsLeft = _multipliers.Any(multiplier => multiplier.Shift > 0);
        _mantissas = Spread(multiplier => multiplier.Mantissa);
        _lefts = Spread(multiplier => Math.Max(multiplier.Shift, 0));
        _rights = Spread(multiplier => Math.Max(-multiplier.Shift, 0));
        _halves = Spread(multiplier => multiplier.Shift < 0 ? (int)(1u << (-multiplier.Shift - 1)) : 0);
    }

    public FixedPointRounding Rounding { get; }

    /// <summary>Whether some factor is 1 or more.</summary>
    public bool ShiftsLeft { get; }

    public int ZeroPoint { get; }

    public int Minimum { get; }

    public int Maximum { get; }

    /// <summary>Beside one another for all outputs, filled up with zeros to whole vectors of any width.</summary>
    public ReadOnlySpan<int> Mantissas => MemoryMarshal.Cast<byte, int>(_mantissas.Span);

    public ReadOnlySpan<int> Lefts => MemoryMarshal.Cast<byte, int>(_lefts.Span);

    public ReadOnlySpan<int> Rights => MemoryMarshal.Cast<byte, int>(_rights.Span);

    /// <summary>Half of what the right shift divides by.</summary>
    public ReadOnlySpan<int> Halves => MemoryMarshal.Cast<byte, int>(_halves.Span);

    /// <summary>Rows of sums, the outputs of a group from <paramref name="first"/> on, into rows of all outputs; <paramref name="codes"/> begins at the group.</summary>
    public void Rows<T>(ReadOnlySpan<int> sums, int rows, int sumsStride, int first, int outputs, Span<T> codes)
        where T : unmanaged, IBinaryInteger<T>
    {
        var layout = new Requantizer.RowLayout(rows, first, outputs, sumsStride, _multipliers.Length);
        if (Unsafe.SizeOf<T>() == 1)
            _requantizer.ToBytes(sums, this, layout, MemoryMarshal.Cast<T, byte>(codes));
        else
            _requantizer.ToWords(sums, this, layout, MemoryMarshal.Cast<T, short>(codes));
    }

    /// <summary>One row: a sum for each output from <paramref name="first"/> on.</summary>
    public void Row<T>(ReadOnlySpan<int> sums, int first, Span<T> codes)
        where T : unmanaged, IBinaryInteger<T> => Rows(sums, 1, sums.Length, first, sums.Length, codes);

    /// <summary>One row of sums in 64 bits whose lower half counts; it is made of them in place.</summary>
    public void LowRow<T>(Span<long> sums, int first, Span<T> codes)
        where T : unmanaged, IBinaryInteger<T>
    {
        Span<int> low = MemoryMarshal.Cast<long, int>(sums)[..sums.Length];
        for (int n = 0; n < sums.Length; n++)
            low[n] = unchecked((int)sums[n]);
        Row<T>(low, first, codes);
    }

    /// <summary>Whole rows of integers that floats stand for exactly, plus the bias that <see cref="Filled"/> gives; codes of 8 bits.</summary>
    public void Exact<T>(ReadOnlySpan<float> sums, AlignedBuffer bias, Span<T> codes)
        where T : unmanaged, IBinaryInteger<T>
    {
        int outputs = _multipliers.Length;
        var layout = new Requantizer.RowLayout(sums.Length / Math.Max(1, outputs), 0, outputs, outputs, outputs);
        _requantizer.ExactToBytes(sums, MemoryMarshal.Cast<byte, int>(bias.Span), this, layout, MemoryMarshal.Cast<T, byte>(codes));
    }

    /// <summary>One number for each output, filled up with zeros to whole vectors of any width.</summary>
    public static AlignedBuffer Filled(ReadOnlySpan<int> values)
    {
        var filled = new AlignedBuffer(checked((values.Length + WidestVector) * sizeof(int)));
        values.CopyTo(MemoryMarshal.Cast<byte, int>(filled.Span));
        return filled;
    }

    /// <summary>One row of 64-bit sums.</summary>
    public void Row<T>(ReadOnlySpan<long> sums, int first, Span<T> codes)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (int n = 0; n < sums.Length; n++)
            codes[n] = T.CreateTruncating(Math.Clamp(_multipliers[first + n].RoundLong(sums[n]) + ZeroPoint, Minimum, Maximum));
    }

    private AlignedBuffer Spread(Func<FixedPointMultiplier, int> part) => Filled([.. _multipliers.Select(part)]);
}
