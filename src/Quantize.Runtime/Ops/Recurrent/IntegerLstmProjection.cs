using Quantize.Runtime.Ops.Integer;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>The projection of an integer LSTM: hidden values [batch, units], first made codes, to sums [batch, outputs].</summary>
internal sealed class IntegerLstmProjection
{
    private const int HiddenIntermediate = 4;

    private readonly IntegerGateProduct _product;
    private readonly CodeTarget _toHidden;
    private readonly TensorSlot _hidden;
    private readonly int _batch;
    private readonly int _units;

    public IntegerLstmProjection(PrepareContext context, LstmInputs inputs, LstmShape shape, int batch, double hiddenScale)
    {
        TensorSlot weights = context.Input(inputs.Projection);
        (_batch, _units) = (batch, shape.Units);
        TensorScale hidden = TensorScale.Of(new TensorSlot("hidden value", TensorType.Int8, []) { Quantization = context.Intermediate(HiddenIntermediate) }, context);
        _toHidden = CodeTarget.Of(hiddenScale, hidden, clip: 0);
        _hidden = context.Scratch(checked(batch * shape.Units));
        _product = new IntegerGateProduct(context, [weights], [context.OptionalInput(inputs.ProjectionBias)], shape.Outputs, shape.Units, batch, hidden.ZeroPoint);
        Scale = (double)hidden.Scale * TensorScale.Of(weights, context).Scale;
    }

    /// <summary>What one of the sums stands for.</summary>
    public double Scale { get; }

    public ReadOnlySpan<int> Sums(in RunContext context, ReadOnlySpan<int> values)
    {
        Span<sbyte> hidden = context.Write<sbyte>(_hidden);
        _toHidden.Run(values, hidden);
        for (int item = 0; item < _batch; item++)
            _product.Store(context, item, hidden.Slice(item * _units, _units));
        return _product.Sums(context);
    }
}
