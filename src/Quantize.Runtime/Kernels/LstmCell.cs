using System.Runtime.CompilerServices;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Kernels;

/// <summary>
/// What an LSTM does with the sums of its gates, one batch item at a time. A row holds the sums of the gates one after the other, input, forget, candidate and output; without the first
/// where the input gate is one minus the forget gate. They come in two parts, what the input adds and what the state adds.
/// </summary>
internal abstract class LstmCell
{
    /// <summary>cell = logistic(forget) * cell + logistic(input) * f(candidate), clamped to [-<paramref name="clip"/>, <paramref name="clip"/>].</summary>
    public abstract void Update(ReadOnlySpan<float> row, ReadOnlySpan<float> more, CellActivation activation, float clip, Span<float> cell);

    /// <summary>hidden = logistic(output) * f(cell).</summary>
    public abstract void Output(ReadOnlySpan<float> row, ReadOnlySpan<float> more, ReadOnlySpan<float> cell, CellActivation activation, Span<float> hidden);

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
[SkipLocalsInit]
internal sealed unsafe class LstmCell<TIsa, TFloat> : LstmCell
    where TIsa : struct, IFloatIsa<TFloat>
    where TFloat : unmanaged
{
    private const int Gates = 4;

    public override void Update(ReadOnlySpan<float> row, ReadOnlySpan<float> more, CellActivation activation, float clip, Span<float> cell)
    {
        // Whole vectors end at or before the last unit of a gate, and the rest goes through memory of its own: these checks are all that the pointers below rely on.
        int units = cell.Length, lanes = TIsa.Lanes, whole = units - units % lanes, left = units - whole, gates = CheckedGates(row, more, units);
        fixed (float* pr = row, pm = more, pc = cell)
        {
            UpdateVectors(pr, pm, units, gates, activation, clip, pc, whole);
            if (left == 0)
                return;
            float* rest = stackalloc float[(2 * Gates + 1) * lanes];
            float* restCell = rest + 2 * Gates * lanes;
            CopyRest(row, units, whole, gates, rest);
            CopyRest(more, units, whole, gates, rest + Gates * lanes);
            cell[whole..].CopyTo(new Span<float>(restCell, lanes));
            UpdateVectors(rest, rest + Gates * lanes, lanes, gates, activation, clip, restCell, lanes);
            new ReadOnlySpan<float>(restCell, left).CopyTo(cell[whole..]);
        }
    }

    public override void Output(ReadOnlySpan<float> row, ReadOnlySpan<float> more, ReadOnlySpan<float> cell, CellActivation activation, Span<float> hidden)
    {
        int units = cell.Length, lanes = TIsa.Lanes, whole = units - units % lanes, left = units - whole, gates = CheckedGates(row, more, units);
        ArgumentOutOfRangeException.ThrowIfNotEqual(hidden.Length, units);
        ReadOnlySpan<float> gate = row[((gates - 1) * units)..], moreGate = more[((gates - 1) * units)..];
        fixed (float* pg = gate, pm = moreGate, pc = cell, ph = hidden)
        {
            OutputVectors(pg, pm, pc, activation, ph, whole);
            if (left == 0)
                return;
            float* rest = stackalloc float[3 * lanes];
            gate[whole..].CopyTo(new Span<float>(rest, lanes));
            moreGate[whole..].CopyTo(new Span<float>(rest + lanes, lanes));
            cell[whole..].CopyTo(new Span<float>(rest + 2 * lanes, lanes));
            OutputVectors(rest, rest + lanes, rest + 2 * lanes, activation, rest, lanes);
            new ReadOnlySpan<float>(rest, left).CopyTo(hidden[whole..]);
        }
    }

    private static int CheckedGates(ReadOnlySpan<float> row, ReadOnlySpan<float> more, int units)
    {
        int gates = row.Length == (Gates - 1) * (long)units ? Gates - 1 : Gates;
        ArgumentOutOfRangeException.ThrowIfNotEqual(row.Length, gates * (long)units);
        ArgumentOutOfRangeException.ThrowIfNotEqual(more.Length, row.Length);
        return gates;
    }

    private static void CopyRest(ReadOnlySpan<float> row, int units, int whole, int gates, float* rest)
    {
        for (int gate = 0; gate < gates; gate++)
            row[(gate * units + whole)..((gate + 1) * units)].CopyTo(new Span<float>(rest + gate * TIsa.Lanes, TIsa.Lanes));
    }

    private static void UpdateVectors(float* row, float* more, nint units, int gates, CellActivation activation, float clip, float* cell, int count)
    {
        if (activation.IsTanh)
            UpdateVectors<TanhActivation>(row, more, units, gates, activation, clip, cell, count);
        else
            UpdateVectors<ClampActivation>(row, more, units, gates, activation, clip, cell, count);
    }

    private static void OutputVectors(float* gate, float* more, float* cell, CellActivation activation, float* hidden, int count)
    {
        if (activation.IsTanh)
            OutputVectors<TanhActivation>(gate, more, cell, activation, hidden, count);
        else
            OutputVectors<ClampActivation>(gate, more, cell, activation, hidden, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void UpdateVectors<TActivation>(float* row, float* more, nint units, int gates, CellActivation activation, float clip, float* cell, int count)
        where TActivation : struct, IActivation
    {
        bool coupled = gates < Gates;
        nint forget = coupled ? 0 : units, candidate = forget + units;
        TFloat low = TIsa.Broadcast(activation.Minimum), high = TIsa.Broadcast(activation.Maximum), least = TIsa.Broadcast(-clip), most = TIsa.Broadcast(clip), one = TIsa.Broadcast(1);
        for (nint i = 0; i < count; i += TIsa.Lanes, row += TIsa.Lanes, more += TIsa.Lanes)
        {
            TFloat f = Transcendental<TIsa, TFloat>.GateLogistic(TIsa.Add(TIsa.Load(row + forget), TIsa.Load(more + forget)));
            TFloat n = coupled ? TIsa.Subtract(one, f) : Transcendental<TIsa, TFloat>.GateLogistic(TIsa.Add(TIsa.Load(row), TIsa.Load(more)));
            TFloat g = TActivation.Apply(TIsa.Add(TIsa.Load(row + candidate), TIsa.Load(more + candidate)), low, high);
            TFloat c = TIsa.Add(TIsa.Multiply(f, TIsa.Load(cell + i)), TIsa.Multiply(n, g));
            TIsa.Store(cell + i, TIsa.MinNative(most, TIsa.MaxNative(least, c)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OutputVectors<TActivation>(float* gate, float* more, float* cell, CellActivation activation, float* hidden, int count)
        where TActivation : struct, IActivation
    {
        TFloat low = TIsa.Broadcast(activation.Minimum), high = TIsa.Broadcast(activation.Maximum);
        for (nint i = 0; i < count; i += TIsa.Lanes)
        {
            TFloat o = Transcendental<TIsa, TFloat>.GateLogistic(TIsa.Add(TIsa.Load(gate + i), TIsa.Load(more + i)));
            TIsa.Store(hidden + i, TIsa.Multiply(o, TActivation.Apply(TIsa.Load(cell + i), low, high)));
        }
    }

    private interface IActivation
    {
        static abstract TFloat Apply(TFloat x, TFloat low, TFloat high);
    }

    private readonly struct TanhActivation : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TFloat Apply(TFloat x, TFloat low, TFloat high) => Transcendental<TIsa, TFloat>.GateTanh(x);
    }

    private readonly struct ClampActivation : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TFloat Apply(TFloat x, TFloat low, TFloat high) => TIsa.MinNative(high, TIsa.MaxNative(low, x));
    }
}
