using System.Runtime.CompilerServices;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Kernels;

/// <summary>real = Scale * (code - ZeroPoint), codes in [Minimum, Maximum].</summary>
internal readonly record struct ActivationScale(float Scale, int ZeroPoint, int Minimum, int Maximum)
{
    /// <summary>Google's asymmetric 8 bits: the range is made to include 0, so that 0 has a code of its own.</summary>
    public static ActivationScale Asymmetric(float minimum, float maximum)
    {
        const int Low = -128, High = 127;
        double low = Math.Min(0, minimum), high = Math.Max(0, maximum);
        if (low == high || !double.IsFinite(high - low))
            return new ActivationScale(low == high ? 1 : float.NaN, 0, Low, High);
        double scale = (high - low) / (High - Low);
        double fromLow = Low - low / scale, fromHigh = High - high / scale;
        bool lowIsExact = Math.Abs(Low) + Math.Abs(low / scale) < Math.Abs(High) + Math.Abs(high / scale);
        int zeroPoint = (int)Math.Round(Math.Clamp(lowIsExact ? fromLow : fromHigh, Low, High), MidpointRounding.AwayFromZero);
        return new ActivationScale((float)scale, zeroPoint, Low, High);
    }

    /// <summary>Symmetric 8 bits: the form of files written before 2020.</summary>
    public static ActivationScale Symmetric(float minimum, float maximum) => WithoutZeroPoint(Math.Max(-minimum, maximum), -127);

    /// <summary>7 bits for what cannot be negative.</summary>
    public static ActivationScale NonNegative(float maximum) => WithoutZeroPoint(maximum, 0);

    private static ActivationScale WithoutZeroPoint(float maximum, int low) =>
        new(maximum == 0 ? 1 : float.IsFinite(maximum) ? maximum / 127 : float.NaN, 0, low, 127);
}

/// <summary>Finds the range of activations and stores them as a hybrid kernel wants them.</summary>
internal abstract class ActivationQuantizer
{
    /// <summary>The least and the greatest value; (0, 0) of nothing; (NaN, NaN) where a value is NaN or infinite, which no scale can stand for.</summary>
    public abstract (float Minimum, float Maximum) Range(ReadOnlySpan<float> values);

    /// <summary>round(value / scale + zeroPoint), halves to even, within the codes' range, plus <paramref name="shift"/>; as int16 or as bytes.</summary>
    public abstract void Quantize(ReadOnlySpan<float> values, in ActivationScale scale, ActivationForm form, int shift, Span<byte> stored);
}

/// <summary>Multiplication and addition are not fused here: every instruction set gives the same codes.</summary>
internal sealed unsafe class ActivationQuantizer<TIsa, TFloat> : ActivationQuantizer
    where TIsa : struct, IFloatIsa<TFloat>
    where TFloat : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override (float Minimum, float Maximum) Range(ReadOnlySpan<float> values)
    {
        if (values.IsEmpty)
            return (0, 0);
        fixed (float* p = values)
        {
            int lanes = TIsa.Lanes;
            if (values.Length < lanes)
                return ScalarRange(values, p[0], p[0], 0);
            TFloat low = TIsa.Load(p), high = low, excess = TIsa.Subtract(low, low);
            int i = lanes;
            for (; i <= values.Length - lanes; i += lanes)
            {
                TFloat x = TIsa.Load(p + i);
                low = TIsa.MinNative(low, x);
                high = TIsa.MaxNative(high, x);
                excess = TIsa.Add(excess, TIsa.Subtract(x, x)); // 0, or NaN once a value is not finite
            }

            return ScalarRange(values[i..], TIsa.MinAcross(low), TIsa.MaxAcross(high), TIsa.SumAcross(excess));
        }
    }

    public override void Quantize(ReadOnlySpan<float> values, in ActivationScale scale, ActivationForm form, int shift, Span<byte> stored)
    {
        // Whole vectors end at or before the last value; both spans are checked to hold them all.
        ArgumentOutOfRangeException.ThrowIfGreaterThan(values.Length * form.Bytes(), stored.Length);
        float inverse = 1 / scale.Scale;
        fixed (float* source = values)
        fixed (byte* target = stored)
        {
            int whole = values.Length - values.Length % TIsa.Lanes;
            if (form.Bytes() == 2)
                QuantizeVectors<Int16Store>(source, whole, inverse, scale, shift, target);
            else
                QuantizeVectors<ByteStore>(source, whole, inverse, scale, shift, target);
            if (whole > 0 && whole < values.Length)
            {
                // The last vector begins early enough to be whole: what both compute is the same.
                int last = values.Length - TIsa.Lanes;
                if (form.Bytes() == 2)
                    QuantizeVectors<Int16Store>(source + last, TIsa.Lanes, inverse, scale, shift, target + 2 * last);
                else
                    QuantizeVectors<ByteStore>(source + last, TIsa.Lanes, inverse, scale, shift, target + last);
                return;
            }

            for (int i = whole; i < values.Length; i++)
            {
                int code = (int)Math.Clamp(MathF.Round(source[i] * inverse + scale.ZeroPoint, MidpointRounding.ToEven), scale.Minimum, scale.Maximum) + shift;
                if (form.Bytes() == 2)
                    ((short*)target)[i] = (short)code;
                else
                    target[i] = unchecked((byte)code);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void QuantizeVectors<TStore>(float* source, int count, float inverse, in ActivationScale scale, int shift, byte* target)
        where TStore : struct, IStore
    {
        TFloat factor = TIsa.Broadcast(inverse), zero = TIsa.Broadcast(scale.ZeroPoint);
        TFloat low = TIsa.Broadcast(scale.Minimum), high = TIsa.Broadcast(scale.Maximum), offset = TIsa.Broadcast(shift);
        for (nint i = 0; i < count; i += TIsa.Lanes)
        {
            TFloat code = TIsa.Round(TIsa.Add(TIsa.Multiply(TIsa.Load(source + i), factor), zero));
            code = TIsa.MinNative(TIsa.MaxNative(code, low), high);
            TStore.Store(target, i, TIsa.Add(code, offset));
        }
    }

    private static (float Minimum, float Maximum) ScalarRange(ReadOnlySpan<float> values, float low, float high, float excess)
    {
        foreach (float value in values)
        {
            low = value < low ? value : low;
            high = value > high ? value : high;
            excess += value - value;
        }

        return (low + excess, high + excess);
    }

    private interface IStore
    {
        static abstract void Store(byte* target, nint index, TFloat codes);
    }

    private readonly struct ByteStore : IStore
    {
        public static void Store(byte* target, nint index, TFloat codes) => TIsa.StoreAsBytes(target + index, codes);
    }

    private readonly struct Int16Store : IStore
    {
        public static void Store(byte* target, nint index, TFloat codes) => TIsa.StoreAsInt16((short*)target + index, codes);
    }
}
