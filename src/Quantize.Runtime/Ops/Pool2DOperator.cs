using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops.Integer;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;
using Quantize.Runtime.Threads;

namespace Quantize.Runtime.Ops;

/// <summary>MAX_POOL_2D, AVERAGE_POOL_2D and L2_POOL_2D over [batch, height, width, channels].</summary>
internal static class Pool2DOperator
{
    public static OperatorDefinition Max { get; } = new(BuiltinOperator.MaxPool2D, ConvolutionShapes.Pool2D, context => Prepare(context, average: false));

    public static OperatorDefinition Average { get; } = new(BuiltinOperator.AveragePool2D, ConvolutionShapes.Pool2D, context => Prepare(context, average: true));

    /// <summary>The root of the mean of the squares.</summary>
    public static OperatorDefinition L2 { get; } = new(BuiltinOperator.L2Pool2D, ConvolutionShapes.Pool2D, PrepareL2);

    private static Step Prepare(PrepareContext context, bool average)
    {
        TensorSlot input = context.Input(0), output = context.Output(0);
        var options = context.OptionsAs<Pool2DOptions>();
        PoolGeometry geometry = Geometry(options, input.Shape, output.Shape);
        if (input.Type != TensorType.Float32)
            return PrepareInteger(context, geometry, average, options.Activation);
        ActivationRange range = ActivationRange.Of(options.Activation, context);
        output.IsNonNegative = range.IsNonNegative || input.IsNonNegative;
        return new FloatStep(context.Kernels, geometry, average, range, input, output);
    }

    private static L2PoolStep PrepareL2(PrepareContext context)
    {
        TensorSlot input = context.Input(0);
        var options = context.OptionsAs<Pool2DOptions>();
        return input.Type == TensorType.Float32
            ? new L2PoolStep(context, Geometry(options, input.Shape, context.Output(0).Shape), ActivationRange.Of(options.Activation, context))
            : throw context.Fail($"has {input} as input, for which there is no kernel");
    }

    private static PoolGeometry Geometry(Pool2DOptions options, int[] from, int[] to) => new(
        from[0], from[1], from[2], from[3], to[1], to[2], options.FilterHeight, options.FilterWidth, options.StrideH, options.StrideW,
        ShapeRules.PaddingBefore(from[1], to[1], options.FilterHeight, options.StrideH, 1, options.Padding),
        ShapeRules.PaddingBefore(from[2], to[2], options.FilterWidth, options.StrideW, 1, options.Padding));

    private static Step PrepareInteger(PrepareContext context, PoolGeometry geometry, bool average, ActivationFunction activation)
    {
        TensorSlot output = context.Output(0);
        CodeRange range = activation == ActivationFunction.None ? CodeRange.Of(output.Type, context) : CodeRange.Of(activation, output, context);
        return context.Input(0).Type switch
        {
            TensorType.Int8 => new IntegerPoolStep<sbyte>(context, geometry, average, range),
            TensorType.UInt8 => new IntegerPoolStep<byte>(context, geometry, average, range),
            _ => new IntegerPoolStep<short>(context, geometry, average, range),
        };
    }

    private sealed class FloatStep(KernelSet kernels, PoolGeometry geometry, bool average, ActivationRange range, TensorSlot input, TensorSlot output) : ParallelStep
    {
        /// <summary>Each position of the window is loaded and folded.</summary>
        private const int WorkOfPosition = 2;

        private readonly Pooling _pooling = kernels.Pooling;

        public override string Kernel => $"{kernels.Name} {(average ? "average" : "max")} pool float";

        protected override int Phases => 1;

        public override void RunPart(in RunContext context, in Part part)
        {
            (int first, int count) = part.Share(geometry.Rows);
            if (average)
                _pooling.Average(context.Read<float>(input), geometry, first, count, context.Write<float>(output), range.Minimum, range.Maximum);
            else
                _pooling.Max(context.Read<float>(input), geometry, first, count, context.Write<float>(output), range.Minimum, range.Maximum);
        }

        protected override int Parts(int phase, int members) =>
            Cutting.Parts((long)output.ElementCount * (Cutting.WorkOfElement + WorkOfPosition * geometry.FilterHeight * geometry.FilterWidth), geometry.Rows, members);
    }
}
