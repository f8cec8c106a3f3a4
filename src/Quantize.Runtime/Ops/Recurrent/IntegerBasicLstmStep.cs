using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops.Integer;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>The basic LSTM kernel on uint8 values and a 16-bit cell: outputs have the scale 1/128, the cell 2^-11, the sums of the gates 2^-12.</summary>
internal sealed class IntegerBasicLstmStep : Step
{
    private const int SumBits = 3, CellBits = 4, OutputZeroPoint = 128;
    private const double SumsInOne = 4096;

    private readonly TensorSlot[] _inputs;
    private readonly TensorSlot[] _outputs;
    private readonly IntegerInput _joined;
    private readonly IntegerWeights _weights;
    private readonly FixedPointMultiplier _toSums;
    private readonly GemmGeometry _rows;
    private readonly TensorSlot _sums;
    private readonly int _units;

    public IntegerBasicLstmStep(PrepareContext context, int batch, int units)
    {
        TensorSlot weights = context.Input(2), bias = context.Input(3);
        _inputs = [context.Input(0), context.Input(1), context.Input(4)];
        _outputs = [context.Output(0), context.Output(1), context.Output(2), context.Output(3)];
        if ((_inputs[0].Type, _inputs[1].Type, _inputs[2].Type, weights.Type, bias.Type) != (TensorType.UInt8, TensorType.UInt8, TensorType.Int16, TensorType.UInt8, TensorType.Int32))
            throw context.Fail($"has operands {_inputs[0]}, {_inputs[1]}, {_inputs[2]}, {weights}, {bias}, for which there is no kernel");
        if (TensorScale.Of(_inputs[0], context).ZeroPoint != OutputZeroPoint || TensorScale.Of(_inputs[1], context).ZeroPoint != OutputZeroPoint)
            throw context.Fail($"wants the zero point {OutputZeroPoint} on its uint8 inputs");
        int depth = weights.Shape[1];
        _units = units;
        _rows = GemmGeometry.Dense(batch, depth, depth);
        _joined = new IntegerInput(context, _inputs[0], checked(batch * depth), null);
        _weights = new IntegerWeights(context, weights, context.Constant<int>(bias), FloatWeights.BiasKey(context, 3), _joined.Gemm, 1, _rows);
        _toSums = FixedPointMultiplier.Of(SumsInOne * TensorScale.Of(bias, context).Scale);
        _sums = context.Scratch(checked(batch * _weights.RowLength * sizeof(int)));
    }

    public override string Kernel => "basic LSTM uint8";

    public override void Run(in RunContext context)
    {
        Span<byte> output = context.Write<byte>(_outputs[0]), joined = context.Write<byte>(_outputs[2]);
        Span<short> cell = context.Write<short>(_outputs[1]), gates = context.Write<short>(_outputs[3]);
        BasicLstmOperator.Join(context.Read<byte>(_inputs[0]), context.Read<byte>(_inputs[1]), _rows.Rows, joined);
        context.Read<short>(_inputs[2]).CopyTo(cell);
        Span<int> sums = context.Write<int>(_sums);
        _joined.Gemm.RunSums(_joined.Store(context, joined, low: false), _rows, 0, _rows.Rows, _weights.Group(0), _joined.Correction(low: false), sums);
        for (int row = 0; row < _rows.Rows; row++)
        {
            Span<short> rowGates = gates.Slice(row * BasicLstmOperator.Gates * _units, BasicLstmOperator.Gates * _units);
            Span<int> rowSums = _weights.Corrected(sums.Slice(row * _weights.RowLength, _weights.RowLength));
            for (int i = 0; i < rowGates.Length; i++)
                rowGates[i] = (short)ShortFixedPoint.Saturate(_toSums.RoundTwiceUp(rowSums[i]));
            Advance(rowGates, cell.Slice(row * _units, _units), output.Slice(row * _units, _units));
        }
    }

    private void Advance(ReadOnlySpan<short> gates, Span<short> cell, Span<byte> output)
    {
        for (int c = 0; c < cell.Length; c++)
        {
            int candidate = ShortFixedPoint.Multiply(ShortFixedPoint.Logistic(gates[c], SumBits), ShortFixedPoint.Tanh(gates[_units + c], SumBits));
            int kept = ShortFixedPoint.Multiply(ShortFixedPoint.Logistic(gates[2 * _units + c], SumBits), cell[c]);
            cell[c] = (short)ShortFixedPoint.Saturate(FixedPointMultiplier.RoundingShift(candidate, CellBits) + kept);
            int real = ShortFixedPoint.Multiply(ShortFixedPoint.Logistic(gates[3 * _units + c], SumBits), ShortFixedPoint.Tanh(cell[c], CellBits));
            output[c] = (byte)(Math.Clamp(FixedPointMultiplier.RoundingShift(real, 8), sbyte.MinValue, sbyte.MaxValue) + OutputZeroPoint);
        }
    }
}
