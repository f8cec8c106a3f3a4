using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops.Integer;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>
/// TRANSPOSE_CONV: output shape, filter [outputs, height, width, inputs], input [batch, height, width, inputs]. One product gives every input pixel's
/// contribution to all taps; these are then added up where they land.
/// </summary>
internal static class TransposeConvOperator
{
    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.TransposeConv, Infer, Prepare) { MultiplyAdds = ProductCount.Scattered };

    private static void Infer(ShapeContext context) =>
        context.Output(0, context.Type(2), context.Values(0) is { } dimensions ? Shape.Of(dimensions) : Shape.Unknown);

    private static Step Prepare(PrepareContext context)
    {
        TensorSlot filter = context.Input(1), input = context.Input(2), output = context.Output(0);
        var options = context.OptionsAs<TransposeConvOptions>();
        int[] from = input.Shape, to = output.Shape, kernel = filter.Shape;
        if (from.Length != 4 || to.Length != 4 || kernel.Length != 4 || kernel[3] != from[3] || kernel[0] != to[3] || from[0] != to[0])
            throw context.Fail($"cannot make [{string.Join(',', to)}] of {input} with {filter}");
        int height = ShapeRules.Window(context.Shapes, to[1], kernel[1], options.StrideH, 1, options.Padding).Value;
        int width = ShapeRules.Window(context.Shapes, to[2], kernel[2], options.StrideW, 1, options.Padding).Value;
        if (height != from[1] || width != from[2])
            throw context.Fail($"makes [{string.Join(',', to)}], whose convolution would give {height} x {width} pixels, of {input}");
        int top = ShapeRules.PaddingBefore(to[1], from[1], kernel[1], options.StrideH, 1, options.Padding);
        int left = ShapeRules.PaddingBefore(to[2], from[2], kernel[2], options.StrideW, 1, options.Padding);
        if (input.Type != TensorType.Float32)
            return PrepareInteger(context, options, top, left);
        if (!FloatWeights.AreSupported(filter))
            throw context.Fail($"has {input.Type} input and {filter.Type} filter, for which there is no kernel");
        ActivationRange range = ActivationRange.Of(options.Activation, context);
        output.IsNonNegative = range.IsNonNegative;
        return filter.Type != TensorType.Float32 && context.FollowsGoogle
            ? new HybridTransposeConvStep(context, options, range, top, left)
            : new ScatterStep(context, options, range, top, left);
    }

    private static Step PrepareInteger(PrepareContext context, TransposeConvOptions options, int top, int left) => (context.Input(2).Type, context.Output(0).Type) switch
    {
        (TensorType.Int8, TensorType.Int8) => new IntegerTransposeConvStep<sbyte>(context, options, top, left),
        (TensorType.UInt8, TensorType.UInt8) => new IntegerTransposeConvStep<byte>(context, options, top, left),
        (TensorType.Int16, TensorType.Int16) => new IntegerTransposeConvStep<short>(context, options, top, left),
        _ => throw context.Fail($"has {context.Input(2).Type} input and {context.Input(1).Type} filter, for which there is no kernel"),
    };

    private sealed class ScatterStep : Step
    {
        private readonly TensorSlot _input;
        private readonly TensorSlot _output;
        private readonly TensorSlot _taps;
        private readonly TransposeConvOptions _options;
        private readonly ActivationRange _range;
        private readonly FloatGemm _gemm;
        private readonly Elementwise _elementwise;
        private readonly GemmGeometry _product;
        private readonly Lazy<PackedFloatWeights> _weights;
        private readonly float[] _bias;
        private readonly int[] _filter;
        private readonly int _top;
        private readonly int _left;
        private readonly string _kernel;

        public ScatterStep(PrepareContext context, TransposeConvOptions options, ActivationRange range, int top, int left)
        {
            TensorSlot filter = context.Input(1);
            _input = context.Input(2);
            _output = context.Output(0);
            _filter = filter.Shape;
            _options = options;
            _range = range;
            (_top, _left) = (top, left);
            _gemm = context.Kernels.FloatGemm;
            _elementwise = context.Kernels.Elementwise;
            _bias = FloatWeights.Bias(context, 3, _output.Shape[3]);
            int channels = _input.Shape[3], taps = checked(_filter[1] * _filter[2] * _filter[0]);
            _product = GemmGeometry.Dense(_input.Shape[1] * _input.Shape[2], channels, channels);
            Lazy<float[]> expanded = FloatWeights.Expand(context, filter);
            _weights = context.Packed(filter, $"{context.Kernels.Name} taps", () => _gemm.Pack(TransposedTaps.First(expanded.Value, _filter), [], taps, channels));
            _taps = context.Scratch(checked(_product.Rows * taps * sizeof(float)));
            _kernel = $"{context.Kernels.Name} transposed conv float{(filter.Type == TensorType.Int8 ? ", weights expanded" : "")}";
        }

        public override string Kernel => _kernel;

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<float> images = context.Read<float>(_input);
            Span<float> outputs = context.Write<float>(_output), taps = context.Write<float>(_taps);
            int inputLength = _product.Rows * _product.Depth, outputLength = _output.Shape[1] * _output.Shape[2] * _output.Shape[3];
            for (int item = 0; item < _input.Shape[0]; item++)
            {
                _gemm.Run(images.Slice(item * inputLength, inputLength), _product, _weights.Value, taps, _weights.Value.Outputs, float.NegativeInfinity, float.PositiveInfinity);
                Span<float> image = outputs.Slice(item * outputLength, outputLength);
                for (int pixel = 0; pixel < outputLength; pixel += _bias.Length)
                    _bias.CopyTo(image[pixel..]);
                Scatter(taps, image);
                _elementwise.Binary(BinaryFunction.Maximum, image, [_range.Minimum], image, float.NegativeInfinity, _range.Maximum);
            }
        }

        private void Scatter(ReadOnlySpan<float> taps, Span<float> image)
        {
            int channels = _output.Shape[3], at = 0;
            for (int y = 0; y < _input.Shape[1]; y++)
            {
                for (int x = 0; x < _input.Shape[2]; x++)
                {
                    for (int i = 0; i < _filter[1]; i++)
                    {
                        for (int j = 0; j < _filter[2]; j++, at += channels)
                        {
                            int row = y * _options.StrideH - _top + i, column = x * _options.StrideW - _left + j;
                            if ((uint)row >= (uint)_output.Shape[1] || (uint)column >= (uint)_output.Shape[2])
                                continue;
                            Span<float> pixel = image.Slice((row * _output.Shape[2] + column) * channels, channels);
                            _elementwise.Binary(BinaryFunction.Add, pixel, taps.Slice(at, channels), pixel, float.NegativeInfinity, float.PositiveInfinity);
                        }
                    }
                }
            }
        }
    }
}
