using System.Runtime.InteropServices;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops.Integer;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>Rows of 8-bit codes, their zero point taken off, times the 8-bit weights of a cell's gates side by side: exact sums, one product for all gates.</summary>
internal sealed class IntegerGateProduct
{
    private readonly HybridGemm _gemm;
    private readonly Lazy<PackedHybridWeights> _weights;
    private readonly GemmGeometry _rows;
    private readonly TensorSlot _stored;
    private readonly TensorSlot _sums;
    private readonly int _shift;
    private readonly int _zeroPoint;

    /// <summary>Weights [units, depth] of each gate, without a zero point; for each gate a bias [units] or none. <paramref name="zeroPoint"/> is that of the signed codes.</summary>
    public IntegerGateProduct(PrepareContext context, TensorSlot[] gates, TensorSlot?[] biases, int units, int depth, int rows, int zeroPoint)
    {
        foreach (TensorSlot gate in gates)
            Check(context, gate, units, depth);
        _gemm = context.Kernels.PreciseGemm;
        _shift = _gemm.Form.Shift(zeroPoint);
        _zeroPoint = zeroPoint;
        _rows = GemmGeometry.Dense(rows, depth, depth);
        _stored = context.Scratch(checked(rows * depth * _gemm.Form.Bytes() + HybridGemm.ReadAhead));
        RowLength = checked(gates.Length * units);
        _sums = context.Scratch(checked(rows * RowLength * sizeof(int)));
        int[] bias = [.. biases.SelectMany(gate => Bias(context, gate, units))];
        sbyte[] Codes() => [.. gates.SelectMany(gate => context.Constant<sbyte>(gate).ToArray())];
        _weights = new Lazy<PackedHybridWeights>(() => _gemm.Pack(Codes(), bias, RowLength, 1, depth));
    }

    /// <summary>Sums of one row.</summary>
    public int RowLength { get; }

    /// <summary>Takes the codes of one row.</summary>
    public void Store(in RunContext context, int row, ReadOnlySpan<sbyte> codes)
    {
        Span<byte> stored = context.Write<byte>(_stored);
        int at = row * codes.Length;
        if (_gemm.Form.Bytes() == 1)
        {
            for (int i = 0; i < codes.Length; i++)
                stored[at + i] = unchecked((byte)(codes[i] + _shift));
            return;
        }

        Span<short> wide = MemoryMarshal.Cast<byte, short>(stored);
        for (int i = 0; i < codes.Length; i++)
            wide[at + i] = (short)(codes[i] + _shift);
    }

    /// <summary>The sums of all rows stored before.</summary>
    public ReadOnlySpan<int> Sums(in RunContext context)
    {
        Span<int> sums = context.Write<int>(_sums);
        _gemm.RunSums(context.Read<byte>(_stored), _rows, 0, _rows.Rows, _weights.Value, _zeroPoint + _shift, sums);
        return sums;
    }

    private static void Check(PrepareContext context, TensorSlot gate, int units, int depth)
    {
        if (gate.Type != TensorType.Int8 || gate.Shape is not [int rows, int columns] || rows != units || columns != depth)
            throw context.Fail($"wants int8 weights [{units},{depth}], but '{gate.Name}' is {gate}");
        if (WeightCodes.ZeroPoint(context, gate) != 0)
            throw context.Fail($"has weights '{gate.Name}' with a zero point, for which there is no kernel");
        context.Constant<sbyte>(gate);
    }

    private static int[] Bias(PrepareContext context, TensorSlot? bias, int units)
    {
        if (bias is null)
            return new int[units];
        if (bias.Type != TensorType.Int32 || bias.ElementCount != units)
            throw context.Fail($"wants {units} int32 in '{bias.Name}', which is {bias}");
        return context.Constant<int>(bias).ToArray();
    }
}
