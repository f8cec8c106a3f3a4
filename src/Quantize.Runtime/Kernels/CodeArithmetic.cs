using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Kernels;

/// <summary>What is done with 8-bit codes one by one, in vectors: the same integers on every instruction set.</summary>
internal abstract class CodeArithmetic
{
    /// <summary>Codes less their zero point, as floats.</summary>
    public void Center<T>(ReadOnlySpan<T> codes, int zeroPoint, Span<float> centered)
        where T : unmanaged, IBinaryInteger<T> => Center(MemoryMarshal.Cast<T, byte>(codes), typeof(T) == typeof(sbyte), zeroPoint, centered);

    /// <summary>Sums of codes; an operand of one code counts for all.</summary>
    public void Sum<T>(CodeSum form, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> sums)
        where T : unmanaged, IBinaryInteger<T> =>
        Sum(form, MemoryMarshal.Cast<T, byte>(a), MemoryMarshal.Cast<T, byte>(b), typeof(T) == typeof(sbyte), MemoryMarshal.Cast<T, byte>(sums));

    protected abstract void Center(ReadOnlySpan<byte> codes, bool areSigned, int zeroPoint, Span<float> centered);

    protected abstract void Sum(CodeSum form, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, bool areSigned, Span<byte> sums);
}

internal sealed unsafe class CodeArithmetic<TIsa, TFloat, TInt> : CodeArithmetic
    where TIsa : struct, IIsa<TFloat, TInt>
    where TFloat : unmanaged
    where TInt : unmanaged
{
    protected override void Center(ReadOnlySpan<byte> codes, bool areSigned, int zeroPoint, Span<float> centered)
    {
        // As many floats are written as codes are read, whole vectors of both first.
        ArgumentOutOfRangeException.ThrowIfLessThan(centered.Length, codes.Length);
        fixed (byte* source = codes)
        fixed (float* target = centered)
        {
            if (areSigned)
                Center<Signed>(source, codes.Length, zeroPoint, target);
            else
                Center<Unsigned>(source, codes.Length, zeroPoint, target);
        }
    }

    protected override void Sum(CodeSum form, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, bool areSigned, Span<byte> sums)
    {
        // Operands have one code, which is read once, or as many as there are sums.
        if ((a.Length != 1 && a.Length < sums.Length) || (b.Length != 1 && b.Length < sums.Length))
            throw new ArgumentException("an operand has too few codes", nameof(sums));
        fixed (byte* left = a, right = b, target = sums)
        {
            if (areSigned)
                Sum<Signed>(form, left, a.Length == 1, right, b.Length == 1, sums.Length, target);
            else
                Sum<Unsigned>(form, left, a.Length == 1, right, b.Length == 1, sums.Length, target);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Center<TCode>(byte* source, int count, int zeroPoint, float* target)
        where TCode : struct, ICode
    {
        int i = 0, lanes = TIsa.Lanes;
        TInt less = TIsa.BroadcastInt(-zeroPoint);
        for (; i <= count - lanes; i += lanes)
            TIsa.Store(target + i, TIsa.ToFloat(TIsa.AddInt(TCode.Load(source + i), less)));
        for (; i < count; i++)
            target[i] = TCode.Value(source + i) - zeroPoint;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum<TCode>(CodeSum form, byte* a, bool aIsOne, byte* b, bool bIsOne, int count, byte* target)
        where TCode : struct, ICode
    {
        int i = 0, lanes = TIsa.Lanes;
        var scaleA = new Factor(form.A);
        var scaleB = new Factor(form.B);
        var scale = new Factor(form.Sum);
        TInt zeroA = TIsa.BroadcastInt(-form.ZeroA), zeroB = TIsa.BroadcastInt(-form.ZeroB), headroom = TIsa.BroadcastInt(CodeSum.Headroom), sign = TIsa.BroadcastInt(-form.Sign);
        TInt zero = TIsa.BroadcastInt(form.Zero), low = TIsa.BroadcastInt(form.Minimum - form.Zero), high = TIsa.BroadcastInt(form.Maximum - form.Zero);
        TInt oneA = count == 0 ? default : TIsa.BroadcastInt(TCode.Value(a)), oneB = count == 0 ? default : TIsa.BroadcastInt(TCode.Value(b));
        for (; form.IsBelowOne && i <= count - lanes; i += lanes)
        {
            TInt x = scaleA.Rounded(TIsa.ShiftLeft(TIsa.AddInt(aIsOne ? oneA : TCode.Load(a + i), zeroA), headroom));
            TInt y = scaleB.Rounded(TIsa.ShiftLeft(TIsa.AddInt(bIsOne ? oneB : TCode.Load(b + i), zeroB), headroom));
            TInt sum = scale.Rounded(TIsa.MultiplySubtract(x, y, sign));
            TIsa.StoreLowBytes(target + i, TIsa.AddInt(TIsa.MinInt(high, TIsa.MaxInt(low, sum)), zero));
        }

        for (; i < count; i++)
            target[i] = unchecked((byte)form.Of(TCode.Value(aIsOne ? a : a + i), TCode.Value(bIsOne ? b : b + i)));
    }

    /// <summary>One factor for all lanes, below 1: rounded twice, halves of the second rounding away from zero.</summary>
    private readonly struct Factor
    {
        private readonly TInt _mantissa;
        private readonly TInt _half;
        private readonly TInt _right;
        private readonly TInt _divides;

        public Factor(FixedPointMultiplier multiplier)
        {
            int right = -multiplier.Shift;
            (_mantissa, _right, _divides) = (TIsa.BroadcastInt(multiplier.Mantissa), TIsa.BroadcastInt(right), TIsa.BroadcastInt(right > 0 ? -1 : 0));
            _half = TIsa.BroadcastInt(right > 0 ? 1 << (right - 1) : 0);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TInt Rounded(TInt value)
        {
            TInt product = TIsa.DoublingHighProduct(value, _mantissa);
            TInt adjusted = TIsa.MultiplySubtract(product, TIsa.ShiftRight(product, TIsa.BroadcastInt(31)), _divides);
            return TIsa.ShiftRight(TIsa.AddInt(adjusted, _half), _right);
        }
    }

    private interface ICode
    {
        static abstract TInt Load(byte* source);

        static abstract int Value(byte* source);
    }

    private readonly struct Signed : ICode
    {
        public static TInt Load(byte* source) => TIsa.LoadSigned((sbyte*)source);

        public static int Value(byte* source) => *(sbyte*)source;
    }

    private readonly struct Unsigned : ICode
    {
        public static TInt Load(byte* source) => TIsa.LoadUnsigned(source);

        public static int Value(byte* source) => *source;
    }
}
