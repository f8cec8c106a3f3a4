using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>state = f(input sums + state * recurrent weights^T).</summary>
internal sealed class RnnLayer(
    PrepareContext context, SequenceInput input, SequenceOutput output, TensorSlot state, GateWeights recurrent, CellActivation activation, bool backwards, bool asymmetric)
    : RecurrentLayer(input, output, state, null, backwards)
{
    private readonly RecurrentProduct _recurrent = RecurrentProduct.Prepare(context, recurrent, state, input.Batch, asymmetric);
    private readonly ProductRows _rows = ProductRows.Dense(input.Batch, recurrent.Depth);
    private readonly TensorSlot _fromState = context.Scratch(checked(input.Batch * recurrent.Outputs * sizeof(float)));
    private readonly Elementwise _elementwise = context.Kernels.Elementwise;

    protected override void Advance(in RunContext context, Span<float> sums, Span<float> state, Span<float> cells)
    {
        Span<float> fromState = context.Write<float>(_fromState);
        _recurrent.Run(context, state, _rows, fromState);
        _elementwise.Binary(BinaryFunction.Add, sums, fromState, state, activation.Minimum, activation.Maximum);
        if (activation.IsTanh)
            _elementwise.Unary(UnaryFunction.Tanh, state, state);
    }
}
