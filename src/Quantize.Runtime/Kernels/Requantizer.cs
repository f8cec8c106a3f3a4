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

    /// <summary>Integers that floats stand for exactly, plus a bias for each output, in place.</summary>
    public abstract Span<int> ToSums(Span<float> exact, ReadOnlySpan<int> bias);

    /// <summary>Rows of so many outputs from the first one on, and how far apart the rows begin.</summary>
    internal readonly record struct RowLayout(int Rows, int First, int Outputs, int SumsStride, int CodesStride);
}

internal sealed unsafe class Requantizer<TIsa, TFloat, TInt> : Requantizer
    where TIsa : struct, IIsa<TFloat, TInt>
    where TFloat : unmanaged
    where TInt : unmanaged
{
    public override void ToBytes(ReadOnlySpan<int> sums, Requantization form, RowLayout layout, Span<byte> codes)
    {
        Check(sums.Length, form, layout, codes.Length);
        fixed (byte* target = codes)
            Run<ByteStore>(sums, form, layout, target);
    }

    public override void ToWords(ReadOnlySpan<int> sums, Requantization form, RowLayout layout, Span<short> codes)
    {
        Check(sums.Length, form, layout, codes.Length);
        fixed (short* target = codes)
            Run<WordStore>(sums, form, layout, (byte*)target);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override Span<int> ToSums(Span<float> exact, ReadOnlySpan<int> bias)
    {
        // Whole rows of as many floats as there are biases.
        Span<int> sums = MemoryMarshal.Cast<float, int>(exact);
        if (bias.Length == 0 || exact.Length % bias.Length != 0)
            throw new ArgumentException("the sums are not whole rows", nameof(exact));
        int lanes = TIsa.Lanes;
        fixed (float* values = exact)
        fixed (int* offsets = bias)
        {
            for (int row = 0; row < exact.Length; row += bias.Length)
            {
                int n = 0;
                for (; n <= bias.Length - lanes; n += lanes)
                    TIsa.StoreInt((int*)values + row + n, TIsa.AddInt(TIsa.ToInt(TIsa.Load(values + row + n)), TIsa.LoadInt(offsets + n)));
                for (; n < bias.Length; n++)
                    sums[row + n] = unchecked((int)exact[row + n] + bias[n]);
            }
        }

        return sums;
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

    private static void Run<TStore>(ReadOnlySpan<int> sums, Requantization form, RowLayout layout, byte* target)
        where TStore : struct, IStore
    {
        if (form.Rounding == FixedPointRounding.Twice)
            Run<TStore, AwayFromZero>(sums, form, layout, target);
        else
            Run<TStore, Upwards>(sums, form, layout, target);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TStore, THalves>(ReadOnlySpan<int> sums, Requantization form, RowLayout layout, byte* target)
        where TStore : struct, IStore
        where THalves : struct, IHalves
    {
        int lanes = TIsa.Lanes, whole = layout.Outputs / lanes * lanes, left = layout.Outputs - whole;
        TFloat zeroPoint = TIsa.Broadcast(form.ZeroPoint), low = TIsa.Broadcast(form.Minimum), high = TIsa.Broadcast(form.Maximum);
        int* rest = stackalloc int[lanes];
        byte* restCodes = stackalloc byte[2 * lanes];
        fixed (int* source = sums, allMantissas = form.Mantissas, allLefts = form.Lefts, allRights = form.Rights, allHalves = form.Halves)
        {
            int* mantissas = allMantissas + layout.First, lefts = allLefts + layout.First, rights = allRights + layout.First, halves = allHalves + layout.First;
            for (int row = 0; row < layout.Rows; row++)
            {
                int* from = source + (nint)row * layout.SumsStride;
                byte* to = target + (nint)row * layout.CodesStride * TStore.Bytes;
                for (nint n = 0; n < whole; n += lanes)
                    TStore.Store(to + n * TStore.Bytes, Code<THalves>(from + n, lefts + n, mantissas + n, halves + n, rights + n, zeroPoint, low, high));
                if (left == 0)
                    continue;
                new ReadOnlySpan<int>(from + whole, left).CopyTo(new Span<int>(rest, lanes));
                TStore.Store(restCodes, Code<THalves>(rest, lefts + whole, mantissas + whole, halves + whole, rights + whole, zeroPoint, low, high));
                new ReadOnlySpan<byte>(restCodes, left * TStore.Bytes).CopyTo(new Span<byte>(to + whole * TStore.Bytes, left * TStore.Bytes));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat Code<THalves>(int* sums, int* lefts, int* mantissas, int* halves, int* rights, TFloat zeroPoint, TFloat low, TFloat high)
        where THalves : struct, IHalves
    {
        TInt product = TIsa.DoublingHighProduct(TIsa.ShiftLeft(TIsa.LoadInt(sums), TIsa.LoadInt(lefts)), TIsa.LoadInt(mantissas));
        TInt half = TIsa.LoadInt(halves);
        TInt rounded = TIsa.ShiftRight(TIsa.AddInt(THalves.Adjusted(product, half), half), TIsa.LoadInt(rights));
        return TIsa.MinNative(high, TIsa.MaxNative(low, TIsa.Add(TIsa.ToFloat(rounded), zeroPoint)));
    }

    private interface IStore
    {
        static abstract int Bytes { get; }

        static abstract void Store(byte* target, TFloat codes);
    }

    private readonly struct ByteStore : IStore
    {
        public static int Bytes => 1;

        public static void Store(byte* target, TFloat codes) => TIsa.StoreAsBytes(target, codes);
    }

    private readonly struct WordStore : IStore
    {
        public static int Bytes => 2;

        public static void Store(byte* target, TFloat codes) => TIsa.StoreAsInt16((short*)target, codes);
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
