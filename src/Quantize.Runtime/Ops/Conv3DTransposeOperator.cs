using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>
/// CONV_3D_TRANSPOSE: output shape, filter [depth, height, width, outputs, inputs], input [batch, depth, height, width, inputs]. One product gives every input element's
/// contribution to all taps; these are then added up where they land.
/// </summary>
internal static class Conv3DTransposeOperator
{
    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.Conv3DTranspose, Infer, Prepare) { MultiplyAdds = ProductCount.Scattered };

    private static void Infer(ShapeContext context) =>
        context.Output(0, context.Type(2), context.Values(0) is { } dimensions ? Shape.Of(dimensions) : Shape.Unknown);

    private static ScatterStep Prepare(PrepareContext context)
    {
        TensorSlot filter = context.Input(1), input = context.Input(2), output = context.Output(0);
        if (input.Type != TensorType.Float32 || !FloatWeights.AreSupported(filter))
            throw context.Fail($"has {input.Type} input and {filter.Type} filter, for which there is no kernel");
        var options = context.OptionsAs<Conv3DOptions>();
        int[] from = input.Shape, to = output.Shape, kernel = filter.Shape;
        if (from.Length != 5 || to.Length != 5 || kernel.Length != 5 || kernel[4] != from[4] || kernel[3] != to[4] || from[0] != to[0])
            throw context.Fail($"cannot make [{string.Join(',', to)}] of {input} with {filter}");
        if (options is not { DilationD: 1, DilationH: 1, DilationW: 1 })
            throw context.Fail("is dilated, for which there is no kernel");
        int[] strides = [options.StrideD, options.StrideH, options.StrideW], before = new int[3];
        for (int d = 0; d < 3; d++)
        {
            int positions = ShapeRules.Window(context.Shapes, to[d + 1], kernel[d], strides[d], 1, options.Padding).Value;
            if (positions != from[d + 1])
                throw context.Fail($"makes [{string.Join(',', to)}], whose convolution would give {positions} elements along dimension {d + 1}, of {input}");
            before[d] = ShapeRules.PaddingBefore(to[d + 1], from[d + 1], kernel[d], strides[d], 1, options.Padding);
        }

        ActivationRange range = ActivationRange.Of(options.Activation, context);
        output.IsNonNegative = range.IsNonNegative;
        return new ScatterStep(context, strides, before, range);
    }

    private sealed class ScatterStep : Step
    {
        private readonly TensorSlot _input;
        private readonly TensorSlot _output;
        private readonly TensorSlot _taps;
        private readonly int[] _strides;
        private readonly int[] _before;
        private readonly int[] _filter;
        private readonly float[] _bias;
        private readonly ActivationRange _range;
        private readonly FloatGemm _gemm;
        private readonly Elementwise _elementwise;
        private readonly GemmGeometry _product;
        private readonly Lazy<PackedFloatWeights> _weights;
        private readonly string _kernel;

        public ScatterStep(PrepareContext context, int[] strides, int[] before, ActivationRange range)
        {
            TensorSlot filter = context.Input(1);
            _input = context.Input(2);
            _output = context.Output(0);
            _filter = filter.Shape;
            (_strides, _before, _range) = (strides, before, range);
            _gemm = context.Kernels.FloatGemm;
            _elementwise = context.Kernels.Elementwise;
            _bias = FloatWeights.Bias(context, 3, _output.Shape[4]);
            int channels = _input.Shape[4], taps = checked(_filter[0] * _filter[1] * _filter[2] * _filter[3]);
            _product = GemmGeometry.Dense(_input.Shape[1] * _input.Shape[2] * _input.Shape[3], channels, channels);
            Lazy<float[]> expanded = FloatWeights.Expand(context, filter);
            _weights = context.Packed(filter, $"{context.Kernels.Name} volume taps", () => _gemm.Pack(expanded.Value, [], taps, channels));
            _taps = context.Scratch(checked(_product.Rows * taps * sizeof(float)));
            _kernel = $"{context.Kernels.Name} transposed conv3d float{(filter.Type == TensorType.Int8 ? ", weights expanded" : "")}";
        }

        public override string Kernel => _kernel;

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<float> volumes = context.Read<float>(_input);
            Span<float> outputs = context.Write<float>(_output), taps = context.Write<float>(_taps);
            int inputLength = _product.Rows * _product.Depth, outputLength = _output.ElementCount / Math.Max(1, _output.Shape[0]);
            for (int item = 0; item < _input.Shape[0]; item++)
            {
                _gemm.Run(volumes.Slice(item * inputLength, inputLength), _product, _weights.Value, taps, _weights.Value.Outputs, float.NegativeInfinity, float.PositiveInfinity);
                Span<float> volume = outputs.Slice(item * outputLength, outputLength);
                for (int element = 0; element < outputLength; element += _bias.Length)
                    _bias.CopyTo(volume[element..]);
                int at = 0;
                for (int z = 0; z < _input.Shape[1]; z++)
                {
                    for (int y = 0; y < _input.Shape[2]; y++)
                    {
                        for (int x = 0; x < _input.Shape[3]; x++)
                            at = Scatter(taps, at, volume, z * _strides[0] - _before[0], y * _strides[1] - _before[1], x * _strides[2] - _before[2]);
                    }
                }

                _elementwise.Binary(BinaryFunction.Maximum, volume, [_range.Minimum], volume, float.NegativeInfinity, _range.Maximum);
            }
        }

        /// <summary>Adds the taps of one input element; returns where those of the next begin.</summary>
        private int Scatter(ReadOnlySpan<float> taps, int at, Span<float> volume, int top, int row, int column)
        {
            int channels = _output.Shape[4];
            for (int k = 0; k < _filter[0] * _filter[1] * _filter[2]; k++, at += channels)
            {
                int z = top + k / (_filter[1] * _filter[2]), y = row + k / _filter[2] % _filter[1], x = column + k % _filter[2];
                if ((uint)z >= (uint)_output.Shape[1] || (uint)y >= (uint)_output.Shape[2] || (uint)x >= (uint)_output.Shape[3])
                    continue;
                Span<float> element = volume.Slice(((z * _output.Shape[2] + y) * _output.Shape[3] + x) * channels, channels);
                _elementwise.Binary(BinaryFunction.Add, element, taps.Slice(at, channels), element, float.NegativeInfinity, float.PositiveInfinity);
            }

            return at;
        }
    }
}
