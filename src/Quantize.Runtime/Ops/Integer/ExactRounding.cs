namespace Quantize.Runtime.Ops.Integer;

/// <summary>Sums of 64 bits times factors that are doubles, halves away from zero: dense layers of 16-bit codes whose bias has 64 bits.</summary>
internal sealed class ExactRounding
{
    private readonly double[] _factors;
    private readonly CodeRange _range;
    private readonly int _zeroPoint;

    public ExactRounding(IntegerLayer layer)
    {
        double input = TensorScale.Of(layer.Source, layer.Context).Scale;
        TensorScale output = TensorScale.Of(layer.Target, layer.Context);
        _factors = Array.ConvertAll(WeightCodes.Scales(layer.Context, layer.Filter, axis: 0), scale => input * scale / output.Scale);
        _range = CodeRange.Of(layer.Activation, layer.Target, layer.Context);
        _zeroPoint = output.ZeroPoint;
    }

    /// <summary>One row: a sum for each output.</summary>
    public void Row(ReadOnlySpan<long> sums, Span<short> codes)
    {
        for (int n = 0; n < sums.Length; n++)
        {
            double real = Math.Round(sums[n] * _factors[_factors.Length == 1 ? 0 : n], MidpointRounding.AwayFromZero);
            codes[n] = (short)Math.Clamp(real + _zeroPoint, _range.Minimum, _range.Maximum);
        }
    }
}
