using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops.Integer;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Ops;

/// <summary>TRANSPOSE_CONV as Google's kernels do it with 8-bit weights: each batch item's activations in 8 asymmetric bits, the taps added up as integers.</summary>
internal sealed class HybridTransposeConvStep : Step
{
    private readonly TensorSlot _input;
    private readonly TensorSlot _output;
    private readonly TensorSlot _stored;
    private readonly TensorSlot _taps;
    private readonly TensorSlot _sums;
    private readonly HybridInput _hybrid;
    private readonly GemmGeometry _product;
    private readonly TransposedTaps _landing;
    private readonly ActivationRange _range;
    private readonly Lazy<PackedHybridWeights> _weights;
    private readonly float[] _scales;
    private readonly float[] _bias;
    private readonly int _tapsLength;

    public HybridTransposeConvStep(PrepareContext context, TransposeConvOptions options, ActivationRange range, int top, int left)
    {
        TensorSlot filter = context.Input(1);
        (_input, _output, _range) = (context.Input(2), context.Output(0), range);
        int inputs = _input.Shape[3], taps = filter.ElementCount / Math.Max(1, inputs);
        _product = GemmGeometry.Dense(_input.Shape[1] * _input.Shape[2], inputs, inputs);
        _landing = new TransposedTaps(_input.Shape, filter.Shape, _output.Shape, options, top, left);
        _hybrid = HybridInput.Choose(context, _input, asymmetric: true);
        _weights = context.Packed(
            filter, $"{context.Kernels.Name} {_hybrid.Form} taps", () => _hybrid.Gemm.Pack(TransposedTaps.First(WeightCodes.Hybrid(context, filter), filter.Shape), ReadOnlySpan<int>.Empty, taps, 1, inputs));
        _scales = WeightCodes.Scales(context, filter, axis: 0);
        _bias = FloatWeights.Bias(context, 3, _output.Shape[3]);
        _tapsLength = taps;
        _stored = context.Scratch(checked(_product.Rows * inputs * _hybrid.Form.Bytes() + HybridGemm.ReadAhead));
        _taps = context.Scratch(checked(_product.Rows * taps * sizeof(int)));
        _sums = context.Scratch(checked(_landing.OutputLength * sizeof(long)));
        Kernel = $"{context.Kernels.Name} transposed conv {_hybrid.Description}";
    }

    public override string Kernel { get; }

    public override void Run(in RunContext context)
    {
        ReadOnlySpan<float> source = context.Read<float>(_input);
        Span<float> output = context.Write<float>(_output);
        Span<byte> stored = context.Write<byte>(_stored);
        Span<int> taps = context.Write<int>(_taps);
        Span<long> sums = context.Write<long>(_sums);
        int inputLength = _product.Rows * _product.Depth, outputLength = _landing.OutputLength, channels = _bias.Length;
        for (int item = 0; item < _input.Shape[0]; item++)
        {
            _hybrid.Quantize(source.Slice(item * inputLength, inputLength), stored, out float scale, out int correction);
            _hybrid.Gemm.RunSums(stored, _product, 0, _product.Rows, _weights.Value, correction, taps);
            sums.Clear();
            for (int pixel = 0; pixel < _product.Rows; pixel++)
                _landing.Add(pixel, taps.Slice(pixel * _tapsLength, _tapsLength), 1, sums);
            for (int at = 0; at < outputLength; at += channels)
                HybridOutput.Write<long>(sums.Slice(at, channels), scale, _scales, _bias, _range, output.Slice(item * outputLength + at, channels));
        }
    }
}
