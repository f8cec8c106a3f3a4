using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>
/// One direction of an LSTM. A step is one product of the last output with the weights of all gates, one pass over them that renews the cell, one that gives the output, and a projection
/// where there is one.
/// </summary>
internal sealed class LstmLayer : RecurrentLayer
{
    private readonly LstmCell _kernel;
    private readonly Elementwise _elementwise;
    private readonly RecurrentProduct _recurrent;
    private readonly ProductRows _rows;
    private readonly LstmGateSums[] _gates;
    private readonly float[]? _zeros;
    private readonly CellActivation _activation;
    private readonly float _cellClip;
    private readonly int _units;
    private readonly int _rowLength;
    private readonly TensorSlot _fromState;
    private readonly LstmProjection? _projection;

    public LstmLayer(PrepareContext context, LstmShape shape, LstmInputs inputs, LstmSettings settings, SequenceInput input, SequenceOutput output, TensorSlot state, bool backwards)
        : base(input, output, state, RecurrentTensors.State(context, inputs.CellState, TensorType.Float32, checked(input.Batch * shape.Units)), backwards)
    {
        _kernel = context.Kernels.LstmCell;
        _elementwise = context.Kernels.Elementwise;
        _units = shape.Units;
        _rowLength = input.RowLength;
        GateWeights weights = shape.Recurrent(context, inputs);
        _recurrent = RecurrentProduct.Prepare(context, weights, state, input.Batch, settings.Asymmetric);
        _rows = ProductRows.Dense(input.Batch, shape.Outputs);
        _gates = [.. shape.Gates.Select((gate, i) => new LstmGateSums(context, inputs, gate, i * shape.Units, shape.Units))];
        _zeros = Array.TrueForAll(_gates, gate => gate.IsPlain) ? null : new float[_rowLength];
        _activation = settings.Activation;
        _cellClip = settings.CellClip > 0 ? settings.CellClip : float.PositiveInfinity;
        _fromState = context.Scratch(checked(input.Batch * _rowLength * sizeof(float)));
        if (context.OptionalInput(inputs.Projection) is null && shape.Units != shape.Outputs)
            throw context.Fail($"has {shape.Units} units and {shape.Outputs} outputs, but no projection from one to the other");
        _projection = context.OptionalInput(inputs.Projection) is null ? null : new LstmProjection(context, shape, inputs, settings, input.Batch);
    }

    protected override void Advance(in RunContext context, Span<float> sums, Span<float> state, Span<float> cells)
    {
        Span<float> fromState = context.Write<float>(_fromState);
        Span<float> hidden = _projection is null ? state : _projection.Hidden(context);
        _recurrent.Run(context, state, _rows, fromState);
        if (_zeros is not null)
            _elementwise.Binary(BinaryFunction.Add, sums, fromState, sums, float.NegativeInfinity, float.PositiveInfinity);
        for (int item = 0; item < _rows.Values.Rows; item++)
        {
            Span<float> row = sums.Slice(item * _rowLength, _rowLength), cell = cells.Slice(item * _units, _units), output = hidden.Slice(item * _units, _units);
            if (_zeros is null)
                Advance(row, fromState.Slice(item * _rowLength, _rowLength), cell, output);
            else
                AdvanceFinished(row, cell, output, _zeros);
        }

        _projection?.Run(context, state);
    }

    private void Advance(ReadOnlySpan<float> row, ReadOnlySpan<float> fromState, Span<float> cell, Span<float> output)
    {
        _kernel.Update(row, fromState, _activation, _cellClip, cell);
        _kernel.Output(row, fromState, cell, _activation, output);
    }

    /// <summary>The output gate looks at the new cell, the others at the old one.</summary>
    private void AdvanceFinished(Span<float> row, Span<float> cell, Span<float> output, float[] zeros)
    {
        for (int gate = 0; gate < _gates.Length - 1; gate++)
            _gates[gate].Finish(row, cell);
        _kernel.Update(row, zeros, _activation, _cellClip, cell);
        _gates[^1].Finish(row, cell);
        _kernel.Output(row, zeros, cell, _activation, output);
    }
}
