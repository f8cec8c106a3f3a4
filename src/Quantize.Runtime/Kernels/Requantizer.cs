using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Kernels;

/// <summary>The vector form of <see cref="Requantization"/>: the same integers on every instruction set.</summary>
internal abstract class Requantizer
{
    /// <summary>Rows of sums for the outputs that <paramref name="layout"/> names.</summary>
    public abstract void ToBytes(ReadOnlySpan<int> sums, Requantization form, RowLayout layout, Span<byte> codes);

    public abstract void ToWords(ReadOnlySpan<int> sums, Requantization form, RowLayout layout, Span<short> codes);

    /// <summary>Sums that floats stand for exactly, plus a bias for each output, which is filled up like the factors.</summary>
    public abstract void ExactToBytes(ReadOnlySpan<float> sums, ReadOnlySpan<int> bias, Requantization form, RowLayout layout, Span<byte> codes);

    /// <summary>Rows of so many outputs from the first one on, and how far apart the rows begin.</summary>
    internal readonly record struct RowLayout(int Rows, int First, int Outputs, int SumsStride, int CodesStride);
}

[SkipLocalsInit]
internal sealed unsafe class Requantizer<TIsa, TFloat, TInt> : Requantizer
    where TIsa : struct, IIsa<TFloat, TInt>
    where TFloat : unmanaged
    where TInt : unmanaged
{
    public override void ToBytes(ReadOnlySpan<int> sums, Requantization form, RowLayout layout, Span<byte> codes)
    {
        Check(sums.Length, form, layout, codes.Length);
        fixed (int* source = sums)
        fixed (byte* target = codes)
            Run<ByteStore, Integers>(source, source, form, layout, target);
    }

    public override void ToWords(ReadOnlySpan<int> sums, Requantization form, RowLayout layout, Span<short> codes)
    {
        Check(sums.Length, form, layout, codes.Length);
        fixed (int* source = sums)
        fixed (short* target = codes)
            Run<WordStore, Integers>(source, source, form, layout, (byte*)target);
    }

    public override void ExactToBytes(ReadOnlySpan<float> sums, ReadOnlySpan<int> bias, Requantization form, RowLayout layout, Span<byte> codes)
    {
        Check(sums.Length, form, layout, codes.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(bias.Length, layout.First + layout.Outputs + TIsa.Lanes);
        fixed (float* source = sums)
        fixed (int* offsets = bias)
        fixed (byte* target = codes)
            Run<ByteStore, ExactFloats>((int*)source, offsets + layout.First, form, layout, target);
    }

    private static void Check(int sums, Requantization form, RowLayout layout, int codes)
    {
        // Factors are read from First on in whole vectors: their spans end a widest vector past the last output. Sums and codes are touched in whole vectors within a row,
        // and through buffers at its end: so these are all the bounds there are.
        ArgumentOutOfRangeException.ThrowIfNegative(layout.First);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(layout.First + layout.Outputs + TIsa.Lanes, form.Mantissas.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((layout.Rows - 1) * (long)layout.SumsStride + layout.Outputs, layout.Rows == 0 ? 0 : sums);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((layout.Rows - 1) * (long)layout.CodesStride + layout.Outputs, layout.Rows == 0 ? 0 : codes);
    }

    private static void Run<TStore, TSums>(int* source, int* bias, Requantization form, RowLayout layout, byte* target)
        where TStore : struct, IStore
        where TSums : struct, ISums
    {
        if (form.Rounding == FixedPointRounding.Twice)
            Run<TStore, TSums, AwayFromZero>(source, bias, form, layout, target);
        else
            Run<TStore, TSums, Upwards>(source, bias, form, layout, target);
    }

    private static void Run<TStore, TSums, THalves>(int* source, int* bias, Requantization form, RowLayout layout, byte* target)
        where TStore : struct, IStore
        where TSums : struct, ISums
        where THalves : struct, IHalves
    {
        if (form.ShiftsLeft)
            Run<TStore, TSums, THalves, Lefts>(source, bias, form, layout, target);
        else
            Run<TStore, TSums, THalves, NoLefts>(source, bias, form, layout, target);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TStore, TSums, THalves, TLefts>(int* source, int* bias, Requantization form, RowLayout layout, byte* target)
        where TStore : struct, IStore
        where TSums : struct, ISums
        where THalves : struct, IHalves
        where TLefts : struct, ILefts
    {
        int lanes = TIsa.Lanes, whole = layout.Outputs / lanes * lanes;
        TInt zeroPoint = TIsa.BroadcastInt(form.ZeroPoint), low = TIsa.BroadcastInt(form.Minimum - form.ZeroPoint), high = TIsa.BroadcastInt(form.Maximum - form.ZeroPoint);
        fixed (int* allMantissas = form.Mantissas, allLefts = form.Lefts, allRights = form.Rights, allHalves = form.Halves)
        {
            int* mantissas = allMantissas + layout.First, lefts = allLefts + layout.First, rights = allRights + layout.First, halves = allHalves + layout.First;
            int* from = source;
            byte* to = target;
            for (int row = layout.Rows; row > 0; row--, from += layout.SumsStride, to += (nint)layout.CodesStride * TStore.Bytes)
            {
                for (nint n = 0; n < whole; n += lanes)
                {
                    TInt sums = TLefts.Shifted(TSums.Load(from + n, bias + n), lefts + n);
                    TStore.Store(to + n * TStore.Bytes, Code<THalves>(sums, mantissas + n, halves + n, rights + n, zeroPoint, low, high));
                }
            }

            if (whole < layout.Outputs)
                Ends<TStore, TSums, THalves, TLefts>(source, bias, form, layout, whole, target);
        }
    }

    /// <summary>
    /// What is left of each row behind its whole vectors, through buffers of one vector. It is a method of its own because the loop above keeps everything in registers only
    /// where nothing is called.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Ends<TStore, TSums, THalves, TLefts>(int* source, int* bias, Requantization form, RowLayout layout, int whole, byte* target)
        where TStore : struct, IStore
        where TSums : struct, ISums
        where THalves : struct, IHalves
        where TLefts : struct, ILefts
    {
        int lanes = TIsa.Lanes, left = layout.Outputs - whole, first = layout.First + whole;
        TInt zeroPoint = TIsa.BroadcastInt(form.ZeroPoint), low = TIsa.BroadcastInt(form.Minimum - form.ZeroPoint), high = TIsa.BroadcastInt(form.Maximum - form.ZeroPoint);
        int* rest = stackalloc int[lanes];
        byte* restCodes = stackalloc byte[2 * lanes];
        fixed (int* mantissas = form.Mantissas, lefts = form.Lefts, rights = form.Rights, halves = form.Halves)
        {
            for (int row = 0; row < layout.Rows; row++)
            {
                new ReadOnlySpan<int>(source + (nint)row * layout.SumsStride + whole, left).CopyTo(new Span<int>(rest, lanes));
                TInt last = TLefts.Shifted(TSums.Load(rest, bias + whole), lefts + first);
                TStore.Store(restCodes, Code<THalves>(last, mantissas + first, halves + first, rights + first, zeroPoint, low, high));
                new ReadOnlySpan<byte>(restCodes, left * TStore.Bytes).CopyTo(new Span<byte>(target + ((nint)row * layout.CodesStride + whole) * TStore.Bytes, left * TStore.Bytes));
            }
        }
    }

    /// <summary>Clamped before the zero point is added, so that nothing wraps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TInt Code<THalves>(TInt sums, int* mantissas, int* halves, int* rights, TInt zeroPoint, TInt low, TInt high)
        where THalves : struct, IHalves
    {
        TInt product = TIsa.DoublingHighProduct(sums, TIsa.LoadInt(mantissas)), half = TIsa.LoadInt(halves);
        TInt rounded = TIsa.ShiftRight(TIsa.AddInt(THalves.Adjusted(product, half), half), TIsa.LoadInt(rights));
        return TIsa.AddInt(TIsa.MinInt(high, TIsa.MaxInt(low, rounded)), zeroPoint);
    }

    /// <summary>What the sums are kept as.</summary>
    private interface ISums
    {
        static abstract TInt Load(int* sums, int* bias);
    }

    private readonly struct Integers : ISums
    {
        public static TInt Load(int* sums, int* bias) => TIsa.LoadInt(sums);
    }

    /// <summary>Floats that stand for integers exactly; their bias is added here.</summary>
    private readonly struct ExactFloats : ISums
    {
        public static TInt Load(int* sums, int* bias) => TIsa.AddInt(TIsa.ToInt(TIsa.Load((float*)sums)), TIsa.LoadInt(bias));
    }

    /// <summary>Whether some factor is 1 or more.</summary>
    private interface ILefts
    {
        static abstract TInt Shifted(TInt sums, int* lefts);
    }

    private readonly struct Lefts : ILefts
    {
        public static TInt Shifted(TInt sums, int* lefts) => TIsa.ShiftLeft(sums, TIsa.LoadInt(lefts));
    }

    private readonly struct NoLefts : ILefts
    {
        public static TInt Shifted(TInt sums, int* lefts) => sums;
    }

    private interface IStore
    {
        static abstract int Bytes { get; }

        static abstract void Store(byte* target, TInt codes);
    }

    private readonly struct ByteStore : IStore
    {
        public static int Bytes => 1;

        public static void Store(byte* target, TInt codes) => TIsa.StoreLowBytes(target, codes);
    }

    private readonly struct WordStore : IStore
    {
        public static int Bytes => 2;

        public static void Store(byte* target, TInt codes) => TIsa.StoreLowWords((short*)target, codes);
    }

    /// <summary>Which way the second rounding sends halves.</summary>
    private interface IHalves
    {
        static abstract TInt Adjusted(TInt value, TInt half);
    }

    private readonly struct Upwards : IHalves
    {
        public static TInt Adjusted(TInt value, TInt half) => value;
    }

    /// <summary>What is negative gets one less, unless nothing is divided.</summary>
    private readonly struct AwayFromZero : IHalves
    {
        public static TInt Adjusted(TInt value, TInt half)
        {
            TInt sign = TIsa.ShiftRight(value, TIsa.BroadcastInt(31)), divides = TIsa.ShiftRight(TIsa.MultiplySubtract(default, half, TIsa.BroadcastInt(1)), TIsa.BroadcastInt(31));
            return TIsa.MultiplySubtract(value, sign, divides);
        }
    }
}
