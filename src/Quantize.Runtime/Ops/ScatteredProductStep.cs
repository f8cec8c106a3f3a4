using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>
/// A transposed convolution of floats: one product gives every input element's contribution to all taps; these are then added up where they land. Inputs of the operator: output shape,
/// filter, input, bias.
/// </summary>
internal sealed class ScatteredProductStep : Step
{
    private readonly TensorSlot _input;
    private readonly TensorSlot _output;
    private readonly TensorSlot _taps;
    private readonly ScatterGeometry _geometry;
    private readonly ActivationRange _range;
    private readonly FloatGemm _gemm;
    private readonly Elementwise _elementwise;
    private readonly GemmGeometry _product;
    private readonly Lazy<PackedFloatWeights> _weights;
    private readonly float[] _bias;
    private readonly string _kernel;

    /// <summary><paramref name="tapsFirst"/> puts the filter into the order [taps, outputs, inputs].</summary>
    public ScatteredProductStep(PrepareContext context, ScatterGeometry geometry, ActivationRange range, string name, Func<float[], float[]> tapsFirst)
    {
        TensorSlot filter = context.Input(1);
        (_input, _output) = (context.Input(2), context.Output(0));
        (_geometry, _range) = (geometry, range);
        (_gemm, _elementwise) = (context.Kernels.FloatGemm, context.Kernels.Elementwise);
        int channels = _input.Shape[^1], outputs = _output.Shape[^1], rows = checked(geometry.Taps * outputs);
        _bias = FloatWeights.Bias(context, 3, outputs);
        _product = GemmGeometry.Dense(geometry.InputElements, channels, channels);
        Lazy<float[]> expanded = FloatWeights.Expand(context, filter);
        _weights = context.Packed(filter, $"{context.Kernels.Name} taps of {name}", () => _gemm.Pack(tapsFirst(expanded.Value), [], rows, channels));
        _taps = context.Scratch(checked(_product.Rows * rows * sizeof(float)));
        _kernel = $"{context.Kernels.Name} {name} float{(filter.Type == TensorType.Int8 ? ", weights expanded" : "")}";
    }

    public override string Kernel => _kernel;

    public override void Run(in RunContext context)
    {
        ReadOnlySpan<float> inputs = context.Read<float>(_input);
        Span<float> outputs = context.Write<float>(_output), taps = context.Write<float>(_taps);
        int items = _input.Shape[0], inputLength = _product.Rows * _product.Depth, outputLength = _output.ElementCount / Math.Max(1, items);
        for (int item = 0; item < items; item++)
        {
            _gemm.Run(inputs.Slice(item * inputLength, inputLength), _product, _weights.Value, taps, _weights.Value.Outputs, float.NegativeInfinity, float.PositiveInfinity);
            Span<float> volume = outputs.Slice(item * outputLength, outputLength);
            for (int element = 0; element < outputLength; element += _bias.Length)
                _bias.CopyTo(volume[element..]);
            Scatter(taps, volume);
            _elementwise.Binary(BinaryFunction.Maximum, volume, [_range.Minimum], volume, float.NegativeInfinity, _range.Maximum);
        }
    }

    private void Scatter(ReadOnlySpan<float> taps, Span<float> volume)
    {
        int channels = _bias.Length, at = 0;
        for (int z = 0; z < _geometry.From[0]; z++)
        {
            for (int y = 0; y < _geometry.From[1]; y++)
            {
                for (int x = 0; x < _geometry.From[2]; x++)
                {
                    for (int tap = 0; tap < _geometry.Taps; tap++, at += channels)
                    {
                        int element = _geometry.Reached(z, y, x, tap);
                        if (element >= 0)
                            Add(volume.Slice(element * channels, channels), taps.Slice(at, channels));
                    }
                }
            }
        }
    }

    private void Add(Span<float> element, ReadOnlySpan<float> contribution) =>
        _elementwise.Binary(BinaryFunction.Add, element, contribution, element, float.NegativeInfinity, float.PositiveInfinity);
}
