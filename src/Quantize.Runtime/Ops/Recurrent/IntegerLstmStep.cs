using Quantize.Runtime.Ops.Integer;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>An LSTM on codes: 8-bit inputs, outputs and weights, 16 bits for the cell and the gates.</summary>
internal sealed class IntegerLstmStep : Step
{
    private const double HiddenScale = 1.0 / (1 << 30);

    private readonly SequenceLayout _layout;
    private readonly int _units;
    private readonly int _outputs;
    private readonly int _depth;
    private readonly TensorSlot _input;
    private readonly TensorSlot _state;
    private readonly IntegerGateProduct _fromInput;
    private readonly IntegerGateProduct _fromState;
    private readonly IntegerLstmGates _gates;
    private readonly IntegerLstmCell _cell;
    private readonly IntegerLstmProjection? _projection;
    private readonly IntegerLstmResult _result;
    private readonly TensorSlot _hidden;
    private readonly TensorSlot _step;
    private readonly SequenceOutput _output;

    public IntegerLstmStep(PrepareContext context, SequenceLayout layout, LstmSettings settings)
    {
        LstmInputs inputs = LstmInputs.OnlyDirection;
        LstmShape shape = LstmShape.Of(context, inputs);
        if (!settings.Activation.IsTanh || context.OptionalInput(inputs.NormalizationScale(LstmGate.Forget)) is not null)
            throw context.Fail("has integer gates with another function than tanh or with a normalization, for which there is no kernel");
        (_layout, _units, _outputs, _input) = (layout, shape.Units, shape.Outputs, context.Input(0));
        _depth = _input.Shape[^1];
        _state = RecurrentTensors.State(context, inputs.OutputState, TensorType.Int8, checked(layout.Batch * _outputs));
        TensorScale input = TensorScale.Of(_input, context), state = TensorScale.Of(_state, context);
        TensorSlot?[] biases = [.. shape.Gates.Select(gate => context.OptionalInput(inputs.Bias(gate)))];
        _fromInput = new IntegerGateProduct(context, shape.Tensors(context, inputs.InputWeights), biases, _units, _depth, layout.Batch, input.ZeroPoint);
        _fromState = new IntegerGateProduct(context, shape.Tensors(context, inputs.RecurrentWeights), new TensorSlot?[shape.Gates.Length], _units, _outputs, layout.Batch, state.ZeroPoint);
        _cell = new IntegerLstmCell(context, inputs.CellState, checked(layout.Batch * _units), settings.CellClip);
        _gates = new IntegerLstmGates(context, shape, inputs, input.Scale, state.Scale, _cell.Scale);
        bool projects = context.OptionalInput(inputs.Projection) is not null;
        if (!projects && _units != _outputs)
            throw context.Fail($"has {_units} units and {_outputs} outputs, but no projection from one to the other");
        _projection = projects ? new IntegerLstmProjection(context, inputs, shape, layout.Batch, HiddenScale) : null;
        _result = new IntegerLstmResult(context, _projection?.Scale ?? HiddenScale, state, context.Output(0), projects ? settings.ProjectionClip : 0);
        _hidden = context.Scratch(checked(layout.Batch * _units * sizeof(int)));
        _step = context.Scratch(checked(layout.Batch * _outputs));
        _output = new SequenceOutput(layout, context.Output(0), 0, _outputs);
    }

    public override string Kernel => "LSTM int8";

    public override void Run(in RunContext context)
    {
        ReadOnlySpan<sbyte> input = context.Read<sbyte>(_input);
        Span<sbyte> state = context.Write<sbyte>(_state), output = context.Write<sbyte>(_step);
        for (int step = 0; step < _layout.Steps; step++)
        {
            for (int item = 0; item < _layout.Batch; item++)
            {
                _fromInput.Store(context, item, input.Slice(_layout.Row(step, item) * _depth, _depth));
                _fromState.Store(context, item, state.Slice(item * _outputs, _outputs));
            }

            ReadOnlySpan<int> hidden = Hidden(context);
            _result.Run(_projection is null ? hidden : _projection.Sums(context, hidden), state, output);
            _output.Store<sbyte>(context, step, output);
        }
    }

    /// <summary>output gate * tanh(cell) of all items.</summary>
    private ReadOnlySpan<int> Hidden(in RunContext context)
    {
        ReadOnlySpan<int> fromInput = _fromInput.Sums(context), fromState = _fromState.Sums(context);
        Span<short> cells = context.Write<short>(_cell.State);
        Span<int> hidden = context.Write<int>(_hidden);
        int length = _fromInput.RowLength;
        for (int item = 0; item < _layout.Batch; item++)
        {
            Span<short> cell = cells.Slice(item * _units, _units);
            _gates.Run(context, fromInput.Slice(item * length, length), fromState.Slice(item * length, length), _cell, cell, hidden.Slice(item * _units, _units));
        }

        return hidden;
    }
}
