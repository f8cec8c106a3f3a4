using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>CONV_3D_TRANSPOSE: output shape, filter [depth, height, width, outputs, inputs], input [batch, depth, height, width, inputs].</summary>
internal static class Conv3DTransposeOperator
{
    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.Conv3DTranspose, Infer, Prepare) { MultiplyAdds = ProductCount.Scattered };

    private static void Infer(ShapeContext context) =>
        context.Output(0, context.Type(2), context.Values(0) is { } dimensions ? Shape.Of(dimensions) : Shape.Unknown);

    private static ScatteredProductStep Prepare(PrepareContext context)
    {
        TensorSlot filter = context.Input(1), input = context.Input(2), output = context.Output(0);
        if (input.Type != TensorType.Float32 || !FloatWeights.AreSupported(filter))
            throw context.Fail($"has {input.Type} input and {filter.Type} filter, for which there is no kernel");
        var options = context.OptionsAs<Conv3DOptions>();
        int[] from = input.Shape, to = output.Shape, kernel = filter.Shape;
        if (from.Length != 5 || to.Length != 5 || kernel.Length != 5 || kernel[4] != from[4] || kernel[3] != to[4] || from[0] != to[0])
            throw context.Fail($"cannot make [{string.Join(',', to)}] of {input} with {filter}");
        int[] strides = [options.StrideD, options.StrideH, options.StrideW], dilations = [options.DilationD, options.DilationH, options.DilationW], before = new int[3];
        for (int d = 0; d < 3; d++)
        {
            int positions = ShapeRules.Window(context.Shapes, to[d + 1], kernel[d], strides[d], dilations[d], options.Padding).Value;
            if (positions != from[d + 1])
                throw context.Fail($"makes [{string.Join(',', to)}], whose convolution would give {positions} elements along dimension {d + 1}, of {input}");
            before[d] = ShapeRules.PaddingBefore(to[d + 1], from[d + 1], kernel[d], strides[d], dilations[d], options.Padding);
        }

        ActivationRange range = ActivationRange.Of(options.Activation, context);
        output.IsNonNegative = range.IsNonNegative;
        return new ScatteredProductStep(context, new ScatterGeometry(from[1..4], to[1..4], kernel[..3], strides, before) { Dilations = dilations }, range, "transposed conv3d", weights => weights);
    }
}
