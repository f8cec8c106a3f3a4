using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>One gate's sums within a row, and what they go through before the gate's function: a peephole to the cell, a normalization over the units; most have neither.</summary>
internal sealed class LstmGateSums
{
    private readonly int _first;
    private readonly int _units;
    private readonly float[]? _peephole;
    private readonly float[]? _scale;
    private readonly float[]? _bias;

    public LstmGateSums(PrepareContext context, LstmInputs inputs, LstmGate gate, int first, int units)
    {
        (_first, _units) = (first, units);
        _peephole = RecurrentTensors.Vector(context, inputs.Peephole(gate), units);
        _scale = RecurrentTensors.Vector(context, inputs.NormalizationScale(gate), units);
        _bias = _scale is null ? null : RecurrentTensors.Vector(context, inputs.Bias(gate), units) ?? throw context.Fail($"normalizes the {gate} gate, but has no bias for it");
    }

    public ReadOnlySpan<float> Of(Span<float> row, ReadOnlySpan<float> cell)
    {
        Span<float> sums = row.Slice(_first, _units);
        if (_peephole is not null)
            LstmCell.AddPeephole(_peephole, cell, sums);
        if (_scale is not null)
            LstmCell.Normalize(_scale, _bias, sums);
        return sums;
    }
}
