using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>CONV_3D: input [batch, depth, height, width, channels], filter [depth, height, width, channels, outputs]. The same product as in two dimensions, one more loop of offsets.</summary>
internal static class Conv3DOperator
{
    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.Conv3D, Infer, Prepare) { MultiplyAdds = ProductCount.OfLastAxis };

    private static void Infer(ShapeContext context)
    {
        var options = context.OptionsAs<Conv3DOptions>();
        Shape input = context.Shape(0, rank: 5), filter = context.Shape(1, rank: 5);
        if (!input.HasRank || !filter.HasRank)
        {
            context.Output(0, context.Type(0), Shape.Unknown);
            return;
        }

        if (input[4].IsKnown && input[4] != filter[3])
            throw context.Fail($"has {input[4]} input channels, but its filter is made for {filter[3]}");
        context.Output(0, context.Type(0), Shape.Of(
            input[0],
            ShapeRules.Window(context, input[1], filter[0].Value, options.StrideD, options.DilationD, options.Padding),
            ShapeRules.Window(context, input[2], filter[1].Value, options.StrideH, options.DilationH, options.Padding),
            ShapeRules.Window(context, input[3], filter[2].Value, options.StrideW, options.DilationW, options.Padding),
            filter[4]));
    }

    private static FloatStep Prepare(PrepareContext context)
    {
        TensorSlot input = context.Input(0), filter = context.Input(1), output = context.Output(0);
        if (input.Type != TensorType.Float32 || !FloatWeights.AreSupported(filter))
            throw context.Fail($"has {input.Type} input and {filter.Type} filter, for which there is no kernel");
        var options = context.OptionsAs<Conv3DOptions>();
        ActivationRange range = ActivationRange.Of(options.Activation, context);
        output.IsNonNegative = range.IsNonNegative;
        return new FloatStep(context, options, range);
    }

    private sealed class FloatStep : Step
    {
        private readonly TensorSlot _input;
        private readonly TensorSlot _output;
        private readonly TensorSlot _padded;
        private readonly ActivationRange _range;
        private readonly FloatGemm _gemm;
        private readonly GemmGeometry _product;
        private readonly Lazy<PackedFloatWeights> _weights;
        private readonly int[] _before;
        private readonly int[] _paddedSize;
        private readonly string _kernel;

        public FloatStep(PrepareContext context, Conv3DOptions options, ActivationRange range)
        {
            TensorSlot filter = context.Input(1);
            _input = context.Input(0);
            _output = context.Output(0);
            _range = range;
            _gemm = context.Kernels.FloatGemm;
            int[] strides = [options.StrideD, options.StrideH, options.StrideW], dilations = [options.DilationD, options.DilationH, options.DilationW];
            _before = new int[3];
            _paddedSize = new int[3];
            for (int d = 0; d < 3; d++)
            {
                _before[d] = ShapeRules.PaddingBefore(_input.Shape[d + 1], _output.Shape[d + 1], filter.Shape[d], strides[d], dilations[d], options.Padding);
                _paddedSize[d] = Math.Max(1, (_output.Shape[d + 1] - 1) * strides[d] + (filter.Shape[d] - 1) * dilations[d] + 1);
            }

            _product = Product(_input.Shape[4], _output.Shape, filter.Shape, strides, dilations, _paddedSize);
            int outputs = filter.Shape[4];
            Lazy<float[]> expanded = FloatWeights.Expand(context, filter);
            _weights = context.Packed(
                filter, $"{context.Kernels.Name} conv3d {FloatWeights.BiasKey(context, 2)}",
                () => _gemm.Pack(OutputsFirst(expanded.Value, outputs), FloatWeights.Bias(context, 2, outputs), outputs, _product.Depth));
            _padded = context.Scratch(checked(_paddedSize[0] * _paddedSize[1] * _paddedSize[2] * _input.Shape[4] * sizeof(float)));
            _kernel = $"{context.Kernels.Name} conv3d float{(filter.Type == TensorType.Int8 ? ", weights expanded" : "")}";
        }

        public override string Kernel => _kernel;

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<float> volumes = context.Read<float>(_input);
            Span<float> outputs = context.Write<float>(_output), padded = context.Write<float>(_padded);
            int inputLength = _input.ElementCount / Math.Max(1, _input.Shape[0]), outputLength = _output.ElementCount / Math.Max(1, _output.Shape[0]);
            for (int item = 0; item < _input.Shape[0]; item++)
            {
                Pad(volumes.Slice(item * inputLength, inputLength), padded);
                _gemm.Run(padded, _product, _weights.Value, outputs.Slice(item * outputLength, outputLength), _output.Shape[4], _range.Minimum, _range.Maximum);
            }
        }

        private static GemmGeometry Product(int channels, int[] output, int[] filter, int[] strides, int[] dilations, int[] padded)
        {
            int row = padded[2] * channels, slice = padded[1] * row;
            List<int> rows = [], segments = [];
            for (int z = 0; z < output[1]; z++)
            {
                for (int y = 0; y < output[2]; y++)
                {
                    for (int x = 0; x < output[3]; x++)
                        rows.Add(z * strides[0] * slice + y * strides[1] * row + x * strides[2] * channels);
                }
            }

            for (int z = 0; z < filter[0]; z++)
            {
                for (int y = 0; y < filter[1]; y++)
                {
                    for (int x = 0; x < filter[2]; x++)
                        segments.Add(z * dilations[0] * slice + y * dilations[1] * row + x * dilations[2] * channels);
                }
            }

            return new GemmGeometry([.. rows], [.. segments], channels);
        }

        private void Pad(ReadOnlySpan<float> volume, Span<float> padded)
        {
            int channels = _input.Shape[4], row = _paddedSize[2] * channels;
            int count = Math.Min(_input.Shape[3], _paddedSize[2] - _before[2]) * channels;
            padded.Clear();
            for (int z = 0; z < _input.Shape[1] && z + _before[0] < _paddedSize[0]; z++)
            {
                for (int y = 0; y < _input.Shape[2] && y + _before[1] < _paddedSize[1]; y++)
                {
                    int target = ((z + _before[0]) * _paddedSize[1] + y + _before[1]) * row + _before[2] * channels;
                    volume.Slice((z * _input.Shape[2] + y) * _input.Shape[3] * channels, count).CopyTo(padded[target..]);
                }
            }
        }

        private static float[] OutputsFirst(float[] filter, int outputs)
        {
            int depth = outputs == 0 ? 0 : filter.Length / outputs;
            var result = new float[filter.Length];
            for (int k = 0; k < depth; k++)
            {
                for (int n = 0; n < outputs; n++)
                    result[n * depth + k] = filter[k * outputs + n];
            }

            return result;
        }
    }
}
