using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>The product that makes an LSTM's output smaller than its cell: [batch, units] to [batch, outputs].</summary>
internal sealed class LstmProjection
{
    private readonly TensorSlot _hidden;
    private readonly RecurrentProduct _product;
    private readonly ProductRows _rows;
    private readonly float _clip;

    public LstmProjection(PrepareContext context, LstmShape shape, LstmInputs inputs, LstmSettings settings, int batch)
    {
        TensorSlot[] bias = context.OptionalInput(inputs.ProjectionBias) is { } given ? [given] : [];
        var weights = new GateWeights(context, [context.Input(inputs.Projection)], bias, shape.Outputs, shape.Units);
        _hidden = context.Scratch(checked(batch * shape.Units * sizeof(float)));
        _product = RecurrentProduct.Prepare(context, weights, _hidden, batch, settings.Asymmetric);
        _rows = ProductRows.Dense(batch, shape.Units);
        _clip = settings.ProjectionClip > 0 ? settings.ProjectionClip : float.PositiveInfinity;
    }

    /// <summary>What it reads.</summary>
    public Span<float> Hidden(in RunContext context) => context.Write<float>(_hidden);

    public void Run(in RunContext context, Span<float> state) => _product.Run(context, Hidden(context), _rows, state, -_clip, _clip);
}
