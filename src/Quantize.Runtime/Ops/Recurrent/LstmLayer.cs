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
    private readonly LstmGateSums? _input;
    private readonly LstmGateSums _forget;
    private readonly LstmGateSums _candidate;
    private readonly LstmGateSums _output;
    private readonly CellActivation _activation;
    private readonly float _cellClip;
    private readonly int _units;
    private readonly int _rowLength;
    private readonly TensorSlot _fromState;
    private readonly TensorSlot _cell;
    private readonly LstmProjection? _projection;

    public LstmLayer(PrepareContext context, LstmShape shape, LstmInputs inputs, LstmSettings settings, SequenceInput input, SequenceOutput output, TensorSlot state, bool backwards)
        : base(input, output, state, backwards)
    {
        _kernel = context.Kernels.LstmCell;
        _elementwise = context.Kernels.Elementwise;
        _units = shape.Units;
        _rowLength = input.RowLength;
        GateWeights weights = shape.Recurrent(context, inputs);
        _recurrent = RecurrentProduct.Prepare(context, weights, state, input.Batch, settings.Asymmetric);
        _rows = ProductRows.Dense(input.Batch, shape.Outputs);
        LstmGateSums Sums(LstmGate gate) => new(context, inputs, gate, Array.IndexOf(shape.Gates, gate) * shape.Units, shape.Units);
        _input = shape.IsCoupled ? null : Sums(LstmGate.Input);
        _forget = Sums(LstmGate.Forget);
        _candidate = Sums(LstmGate.Candidate);
        _output = Sums(LstmGate.Output);
        _activation = settings.Activation;
        _cellClip = settings.CellClip > 0 ? settings.CellClip : float.PositiveInfinity;
        _fromState = context.Scratch(checked(input.Batch * _rowLength * sizeof(float)));
        _cell = RecurrentTensors.State(context, inputs.CellState, TensorType.Float32, checked(input.Batch * shape.Units));
        if (context.OptionalInput(inputs.Projection) is null && shape.Units != shape.Outputs)
            throw context.Fail($"has {shape.Units} units and {shape.Outputs} outputs, but no projection from one to the other");
        _projection = context.OptionalInput(inputs.Projection) is null ? null : new LstmProjection(context, shape, inputs, settings, input.Batch);
    }

    protected override void Advance(in RunContext context, Span<float> sums, Span<float> state)
    {
        Span<float> fromState = context.Write<float>(_fromState), cells = context.Write<float>(_cell);
        Span<float> hidden = _projection is null ? state : _projection.Hidden(context);
        _recurrent.Run(context, state, _rows, fromState);
        _elementwise.Binary(BinaryFunction.Add, sums, fromState, sums, float.NegativeInfinity, float.PositiveInfinity);
        for (int item = 0; item < _rows.Values.Rows; item++)
            Advance(sums.Slice(item * _rowLength, _rowLength), cells.Slice(item * _units, _units), hidden.Slice(item * _units, _units));
        _projection?.Run(context, state);
    }

    private void Advance(Span<float> row, Span<float> cell, Span<float> hidden)
    {
        ReadOnlySpan<float> input = _input is null ? [] : _input.Of(row, cell);
        _kernel.Update(input, _forget.Of(row, cell), _candidate.Of(row, cell), _activation, _cellClip, cell);
        _kernel.Output(_output.Of(row, cell), cell, _activation, hidden);
    }
}
