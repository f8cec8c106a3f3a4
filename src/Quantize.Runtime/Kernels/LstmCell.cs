using System.Runtime.CompilerServices;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Kernels;

/// <summary>What an LSTM does with the sums of its gates, one batch item at a time; all spans have one element a unit.</summary>
internal abstract class LstmCell
{
    /// <summary>
    /// cell = logistic(forget) * cell + logistic(input) * f(candidate), clamped to [-<paramref name="clip"/>, <paramref name="clip"/>]. An empty
    /// <paramref name="input"/> couples the gates: 1 - logistic(forget).
    /// </summary>
    public abstract void Update(ReadOnlySpan<float> input, ReadOnlySpan<float> forget, ReadOnlySpan<float> candidate, CellActivation activation, float clip, Span<float> cell);

    /// <summary>hidden = logistic(gate) * f(cell).</summary>
    public abstract void Output(ReadOnlySpan<float> gate, ReadOnlySpan<float> cell, CellActivation activation, Span<float> hidden);

    /// <summary>sums += weights * cell: a peephole.</summary>
    public static void AddPeephole(ReadOnlySpan<float> weights, ReadOnlySpan<float> cell, Span<float> sums)
    {
        for (int i = 0; i < sums.Length; i++)
            sums[i] += weights[i] * cell[i];
    }

    /// <summary>sums = (sums - mean) / deviation * scale + bias, the deviation being the root of variance + 1e-8.</summary>
    public static void Normalize(ReadOnlySpan<float> scale, ReadOnlySpan<float> bias, Span<float> sums)
    {
        const float Guard = 1e-8f;
        float sum = 0, squares = 0;
        foreach (float value in sums)
            sum += value;
        float mean = sum / sums.Length;
        foreach (float value in sums)
            squares += (value - mean) * (value - mean);
        float inverse = 1 / MathF.Sqrt(squares / sums.Length + Guard);
        for (int i = 0; i < sums.Length; i++)
            sums[i] = (sums[i] - mean) * inverse * scale[i] + bias[i];
    }
}

/// <summary>Whole vectors in place; the rest through stack memory, so that each lane computes the same thing.</summary>
internal sealed unsafe class LstmCell<TIsa, TFloat> : LstmCell
    where TIsa : struct, IFloatIsa<TFloat>
    where TFloat : unmanaged
{
    public override void Update(ReadOnlySpan<float> input, ReadOnlySpan<float> forget, ReadOnlySpan<float> candidate, CellActivation activation, float clip, Span<float> cell)
    {
        // Whole vectors end at or before the last unit, and the rest goes through memory of its own: these checks are all that the pointers below rely on.
        int units = cell.Length, lanes = TIsa.Lanes, whole = units - units % lanes, left = units - whole;
        bool coupled = input.IsEmpty;
        ArgumentOutOfRangeException.ThrowIfNotEqual(coupled ? units : input.Length, units);
        ArgumentOutOfRangeException.ThrowIfNotEqual(forget.Length, units);
        ArgumentOutOfRangeException.ThrowIfNotEqual(candidate.Length, units);
        float* rest = stackalloc float[4 * lanes];
        fixed (float* pi = input, pf = forget, pg = candidate, pc = cell)
        {
            UpdateVectors(pi, pf, pg, activation, clip, pc, whole);
            if (left == 0)
                return;
            if (!coupled)
                input[whole..].CopyTo(new Span<float>(rest, lanes));
            forget[whole..].CopyTo(new Span<float>(rest + lanes, lanes));
            candidate[whole..].CopyTo(new Span<float>(rest + 2 * lanes, lanes));
            cell[whole..].CopyTo(new Span<float>(rest + 3 * lanes, lanes));
            UpdateVectors(coupled ? null : rest, rest + lanes, rest + 2 * lanes, activation, clip, rest + 3 * lanes, lanes);
            new ReadOnlySpan<float>(rest + 3 * lanes, left).CopyTo(cell[whole..]);
        }
    }

    public override void Output(ReadOnlySpan<float> gate, ReadOnlySpan<float> cell, CellActivation activation, Span<float> hidden)
    {
        int units = cell.Length, lanes = TIsa.Lanes, whole = units - units % lanes, left = units - whole;
        ArgumentOutOfRangeException.ThrowIfNotEqual(gate.Length, units);
        ArgumentOutOfRangeException.ThrowIfNotEqual(hidden.Length, units);
        float* rest = stackalloc float[2 * lanes];
        fixed (float* po = gate, pc = cell, ph = hidden)
        {
            OutputVectors(po, pc, activation, ph, whole);
            if (left == 0)
                return;
            gate[whole..].CopyTo(new Span<float>(rest, lanes));
            cell[whole..].CopyTo(new Span<float>(rest + lanes, lanes));
            OutputVectors(rest, rest + lanes, activation, rest, lanes);
            new ReadOnlySpan<float>(rest, left).CopyTo(hidden[whole..]);
        }
    }

    private static void UpdateVectors(float* input, float* forget, float* candidate, CellActivation activation, float clip, float* cell, int count)
    {
        if (activation.IsTanh)
            UpdateVectors<TanhActivation>(input, forget, candidate, activation, clip, cell, count);
        else
            UpdateVectors<ClampActivation>(input, forget, candidate, activation, clip, cell, count);
    }

    private static void OutputVectors(float* gate, float* cell, CellActivation activation, float* hidden, int count)
    {
        if (activation.IsTanh)
            OutputVectors<TanhActivation>(gate, cell, activation, hidden, count);
        else
            OutputVectors<ClampActivation>(gate, cell, activation, hidden, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void UpdateVectors<TActivation>(float* input, float* forget, float* candidate, CellActivation activation, float clip, float* cell, int count)
        where TActivation : struct, IActivation
    {
        TFloat low = TIsa.Broadcast(activation.Minimum), high = TIsa.Broadcast(activation.Maximum), least = TIsa.Broadcast(-clip), most = TIsa.Broadcast(clip), one = TIsa.Broadcast(1);
        for (nint i = 0; i < count; i += TIsa.Lanes)
        {
            TFloat f = Transcendental<TIsa, TFloat>.Logistic(TIsa.Load(forget + i));
            TFloat n = input == null ? TIsa.Subtract(one, f) : Transcendental<TIsa, TFloat>.Logistic(TIsa.Load(input + i));
            TFloat g = TActivation.Apply(TIsa.Load(candidate + i), low, high);
            TFloat c = TIsa.Add(TIsa.Multiply(f, TIsa.Load(cell + i)), TIsa.Multiply(n, g));
            TIsa.Store(cell + i, TIsa.MinNative(most, TIsa.MaxNative(least, c)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OutputVectors<TActivation>(float* gate, float* cell, CellActivation activation, float* hidden, int count)
        where TActivation : struct, IActivation
    {
        TFloat low = TIsa.Broadcast(activation.Minimum), high = TIsa.Broadcast(activation.Maximum);
        for (nint i = 0; i < count; i += TIsa.Lanes)
            TIsa.Store(hidden + i, TIsa.Multiply(Transcendental<TIsa, TFloat>.Logistic(TIsa.Load(gate + i)), TActivation.Apply(TIsa.Load(cell + i), low, high)));
    }

    private interface IActivation
    {
        static abstract TFloat Apply(TFloat x, TFloat low, TFloat high);
    }

    private readonly struct TanhActivation : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TFloat Apply(TFloat x, TFloat low, TFloat high) => Transcendental<TIsa, TFloat>.Tanh(x);
    }

    private readonly struct ClampActivation : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TFloat Apply(TFloat x, TFloat low, TFloat high) => TIsa.MinNative(high, TIsa.MaxNative(low, x));
    }
}
