using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops.Integer;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;
using Quantize.Runtime.Threads;

namespace Quantize.Runtime.Ops;

/// <summary>DEPTHWISE_CONV_2D: filter [1, height, width, inputChannels * multiplier]. 8-bit weights run in float: integers do not pay here.</summary>
internal static class DepthwiseConv2DOperator
{
    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.DepthwiseConv2D, ConvolutionShapes.DepthwiseConv2D, Prepare) { MultiplyAdds = ProductCount.OfLastAxis };

    private static Step Prepare(PrepareContext context)
    {
        TensorSlot input = context.Input(0), filter = context.Input(1), output = context.Output(0);
        var options = context.OptionsAs<DepthwiseConv2DOptions>();
        int[] from = context.Fused.Border.Around(input.Shape), to = output.Shape, kernel = filter.Shape;
        var geometry = new ConvolutionGeometry(
            from[1], from[2], from[3], to[1], to[2], kernel[1], kernel[2], options.StrideH, options.StrideW, options.DilationH, options.DilationW,
            ShapeRules.PaddingBefore(from[1], to[1], kernel[1], options.StrideH, options.DilationH, options.Padding),
            ShapeRules.PaddingBefore(from[2], to[2], kernel[2], options.StrideW, options.DilationW, options.Padding), 1).Without(context.Fused.Border);
        if (input.Type != TensorType.Float32)
            return PrepareInteger(context, geometry, options.Activation);
        if (input.Type != TensorType.Float32 || !FloatWeights.AreSupported(filter))
            throw context.Fail($"has {input.Type} input and {filter.Type} filter, for which there is no kernel");
        ActivationRange range = ActivationRange.Of(options.Activation, context);
        output.IsNonNegative = range.IsNonNegative;
        if (filter.Type != TensorType.Float32 && context.FollowsGoogle)
            return new HybridDepthwiseStep(context, geometry, range);
        string expanded = filter.Type == TensorType.Int8 ? "float, weights expanded" : "float";
        return new FloatStep(context, geometry, from[3] == 0 ? 1 : to[3] / from[3], range, $"{context.Kernels.Name} depthwise {expanded}");
    }

    private static Step PrepareInteger(PrepareContext context, ConvolutionGeometry geometry, ActivationFunction activation) => (context.Input(0).Type, context.Output(0).Type) switch
    {
        (TensorType.Int8, TensorType.Int8) => new IntegerDepthwiseStep<sbyte>(context, geometry, activation),
        (TensorType.UInt8, TensorType.UInt8) => new IntegerDepthwiseStep<byte>(context, geometry, activation),
        (TensorType.Int16, TensorType.Int16) => new WideDepthwiseStep(context, geometry, activation),
        _ => throw context.Fail($"has {context.Input(0).Type} input and {context.Input(1).Type} filter, for which there is no kernel"),
    };

    private sealed class FloatStep(PrepareContext prepare, ConvolutionGeometry geometry, int multiplier, ActivationRange range, string kernel) : ParallelStep
    {
        /// <summary>Each tap loads what it multiplies.</summary>
        private const int WorkOfTap = 2;

        private readonly Depthwise _depthwise = prepare.Kernels.Depthwise;
        private readonly TensorSlot _input = prepare.Input(0);
        private readonly TensorSlot _output = prepare.Output(0);
        private readonly TensorSlot? _computed = prepare.Input(1).IsKnown ? null : prepare.Input(1);
        private readonly Lazy<AlignedBuffer> _filter = prepare.Packed(prepare.Input(1), "depthwise", Aligned(FloatWeights.Expand(prepare, prepare.Input(1))));
        private readonly AlignedBuffer _bias = AlignedBuffer.Of<float>(FloatWeights.Bias(prepare, 2, prepare.Output(0).Shape[3]));
        private readonly AlignedBuffer _zeros = new(checked(prepare.Output(0).Shape[3] * sizeof(float)));

        public override string Kernel => kernel;

        protected override int Phases => 1;

        private int Rows => _output.Shape[0] * geometry.OutputHeight;

        /// <summary>Rows of the output, which may belong to several images.</summary>
        public override void RunPart(in RunContext context, in Part part)
        {
            ReadOnlySpan<float> images = context.Read<float>(_input);
            Span<float> outputs = context.Write<float>(_output);
            ReadOnlySpan<float> filter = _computed is null ? _filter.Value.As<float>() : context.Read<float>(_computed);
            int outputLength = geometry.OutputPixels * _output.Shape[3];
            (int first, int count) = part.Share(Rows);
            for (int done = 0, run; done < count; done += run)
            {
                (int item, int row) = Math.DivRem(first + done, geometry.OutputHeight);
                run = Math.Min(count - done, geometry.OutputHeight - row);
                _depthwise.Run(
                    images.Slice(item * geometry.InputLength, geometry.InputLength), geometry, row, run, multiplier, filter, _bias.As<float>(), _zeros.As<float>(),
                    outputs.Slice(item * outputLength, outputLength), range.Minimum, range.Maximum);
            }
        }

        protected override int Parts(int phase, int members) =>
            Cutting.Parts((long)_output.ElementCount * (Cutting.WorkOfElement + WorkOfTap * geometry.FilterHeight * geometry.FilterWidth), Rows, members);

        private static Func<AlignedBuffer> Aligned(Lazy<float[]> values) => () => AlignedBuffer.Of<float>(values.Value);
    }
}
