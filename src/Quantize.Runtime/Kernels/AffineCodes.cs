using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Kernels;

/// <summary>
/// Codes of one scale: real = scale * (code - zeroPoint). Halves are rounded away from zero, what lies outside the type's range gets its nearest code, and NaN the code 0; the same on every
/// instruction set.
/// </summary>
internal abstract class AffineCodes
{
    /// <summary>Zero points up to here are exact as floats, and so are their distances from codes.</summary>
    private const int ExactZeroPoint = 1 << 22;

    public void Quantize<T>(ReadOnlySpan<float> values, float scale, long zeroPoint, Span<T> codes)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var range = (Lowest: float.CreateChecked(T.MinValue), Greatest: float.CreateChecked(T.MaxValue));
        if (Unsafe.SizeOf<T>() == sizeof(byte))
            ToBytes(values, scale, zeroPoint, range, MemoryMarshal.Cast<T, byte>(codes));
        else
            ToWords(values, scale, zeroPoint, range, MemoryMarshal.Cast<T, short>(codes));
    }

    public void Dequantize<T>(ReadOnlySpan<T> codes, float scale, long zeroPoint, Span<float> values)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (Unsafe.SizeOf<T>() > sizeof(short) || Math.Abs(zeroPoint) > ExactZeroPoint)
        {
            for (int i = 0; i < codes.Length; i++)
                values[i] = scale * (long.CreateTruncating(codes[i]) - zeroPoint);
        }
        else if (Unsafe.SizeOf<T>() == sizeof(short))
        {
            OfWords(MemoryMarshal.Cast<T, short>(codes), scale, (int)zeroPoint, values);
        }
        else
        {
            OfBytes(MemoryMarshal.Cast<T, byte>(codes), typeof(T) == typeof(sbyte), scale, (int)zeroPoint, values);
        }
    }

    protected abstract void ToBytes(ReadOnlySpan<float> values, float scale, float zeroPoint, (float Lowest, float Greatest) range, Span<byte> codes);

    protected abstract void ToWords(ReadOnlySpan<float> values, float scale, float zeroPoint, (float Lowest, float Greatest) range, Span<short> codes);

    protected abstract void OfBytes(ReadOnlySpan<byte> codes, bool areSigned, float scale, int zeroPoint, Span<float> values);

    protected abstract void OfWords(ReadOnlySpan<short> codes, float scale, int zeroPoint, Span<float> values);
}

internal sealed unsafe class AffineCodes<TIsa, TFloat, TInt> : AffineCodes
    where TIsa : struct, IIsa<TFloat, TInt>
    where TFloat : unmanaged
    where TInt : unmanaged
{
    /// <summary>More lanes than any instruction set has.</summary>
    private const int MostLanes = 16;

    /// <summary>Above all codes.</summary>
    private const float AboveAll = 1 << 17;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void ToBytes(ReadOnlySpan<float> values, float scale, float zeroPoint, (float Lowest, float Greatest) range, Span<byte> codes)
    {
        // As many codes are written as values are read: whole vectors first, the rest by way of a vector of its own.
        ArgumentOutOfRangeException.ThrowIfLessThan(codes.Length, values.Length);
        var rounding = new Rounding(scale, zeroPoint, range);
        float* rest = stackalloc float[MostLanes];
        byte* last = stackalloc byte[MostLanes];
        fixed (float* source = values)
        fixed (byte* target = codes)
        {
            int i = 0;
            for (; i <= values.Length - TIsa.Lanes; i += TIsa.Lanes)
                TIsa.StoreAsBytes(target + i, rounding.Codes(TIsa.Load(source + i)));
            values[i..].CopyTo(new Span<float>(rest, MostLanes));
            TIsa.StoreAsBytes(last, rounding.Codes(TIsa.Load(rest)));
            new ReadOnlySpan<byte>(last, values.Length - i).CopyTo(codes[i..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void ToWords(ReadOnlySpan<float> values, float scale, float zeroPoint, (float Lowest, float Greatest) range, Span<short> codes)
    {
        // As above.
        ArgumentOutOfRangeException.ThrowIfLessThan(codes.Length, values.Length);
        var rounding = new Rounding(scale, zeroPoint, range);
        float* rest = stackalloc float[MostLanes];
        short* last = stackalloc short[MostLanes];
        fixed (float* source = values)
        fixed (short* target = codes)
        {
            int i = 0;
            for (; i <= values.Length - TIsa.Lanes; i += TIsa.Lanes)
                TIsa.StoreAsInt16(target + i, rounding.Codes(TIsa.Load(source + i)));
            values[i..].CopyTo(new Span<float>(rest, MostLanes));
            TIsa.StoreAsInt16(last, rounding.Codes(TIsa.Load(rest)));
            new ReadOnlySpan<short>(last, values.Length - i).CopyTo(codes[i..]);
        }
    }

    protected override void OfBytes(ReadOnlySpan<byte> codes, bool areSigned, float scale, int zeroPoint, Span<float> values)
    {
        if (areSigned)
            Reals<Signed, byte>(codes, scale, zeroPoint, values);
        else
            Reals<Unsigned, byte>(codes, scale, zeroPoint, values);
    }

    protected override void OfWords(ReadOnlySpan<short> codes, float scale, int zeroPoint, Span<float> values) => Reals<Words, short>(codes, scale, zeroPoint, values);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Reals<TCode, T>(ReadOnlySpan<T> codes, float scale, int zeroPoint, Span<float> values)
        where TCode : struct, ICode<T>
        where T : unmanaged
    {
        // As many values are written as codes are read: whole vectors of both first.
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Length, codes.Length);
        TFloat factor = TIsa.Broadcast(scale);
        TInt less = TIsa.BroadcastInt(-zeroPoint);
        fixed (T* source = codes)
        fixed (float* target = values)
        {
            int i = 0;
            for (; i <= codes.Length - TIsa.Lanes; i += TIsa.Lanes)
                TIsa.Store(target + i, TIsa.Multiply(factor, TIsa.ToFloat(TIsa.AddInt(TCode.Load(source + i), less))));
            for (; i < codes.Length; i++)
                target[i] = scale * (TCode.Value(source + i) - zeroPoint);
        }
    }

    private readonly struct Rounding(float scale, float zeroPoint, (float Lowest, float Greatest) range)
    {
        private readonly TFloat _scale = TIsa.Broadcast(scale);
        private readonly TFloat _zeroPoint = TIsa.Broadcast(zeroPoint);
        private readonly TFloat _lowest = TIsa.Broadcast(range.Lowest);
        private readonly TFloat _greatest = TIsa.Broadcast(range.Greatest);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TFloat Codes(TFloat values)
        {
            TFloat zero = TIsa.Broadcast(0), real = TIsa.Divide(values, _scale), magnitude = TIsa.Abs(real), even = TIsa.Round(magnitude);
            TFloat away = TIsa.SelectLess(TIsa.Subtract(magnitude, even), TIsa.Broadcast(0.5f), even, TIsa.Add(even, TIsa.Broadcast(1)));
            TFloat code = TIsa.Add(TIsa.SelectLess(real, zero, TIsa.Subtract(zero, away), away), _zeroPoint);
            TFloat notBelow = TIsa.SelectLess(code, _lowest, _lowest, code), inRange = TIsa.SelectLess(_greatest, notBelow, _greatest, notBelow);
            return TIsa.SelectLess(inRange, TIsa.Broadcast(AboveAll), inRange, zero);
        }
    }

    private interface ICode<T>
        where T : unmanaged
    {
        static abstract TInt Load(T* source);

        static abstract int Value(T* source);
    }

    private readonly struct Signed : ICode<byte>
    {
        public static TInt Load(byte* source) => TIsa.LoadSigned((sbyte*)source);

        public static int Value(byte* source) => *(sbyte*)source;
    }

    private readonly struct Unsigned : ICode<byte>
    {
        public static TInt Load(byte* source) => TIsa.LoadUnsigned(source);

        public static int Value(byte* source) => *source;
    }

    private readonly struct Words : ICode<short>
    {
        public static TInt Load(short* source) => TIsa.LoadWords(source);

        public static int Value(short* source) => *source;
    }
}
