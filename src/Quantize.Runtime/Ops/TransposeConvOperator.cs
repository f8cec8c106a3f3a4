using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Ops.Integer;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>TRANSPOSE_CONV: output shape, filter [outputs, height, width, inputs], input [batch, height, width, inputs].</summary>
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
        var geometry = new ScatterGeometry([1, from[1], from[2]], [1, to[1], to[2]], [1, kernel[1], kernel[2]], [1, options.StrideH, options.StrideW], [0, top, left]);
        ActivationRange range = ActivationRange.Of(options.Activation, context);
        output.IsNonNegative = range.IsNonNegative;
        return filter.Type != TensorType.Float32 && context.FollowsGoogle
            ? new HybridTransposeConvStep(context, options, range, top, left)
            : new ScatteredProductStep(context, geometry, range, "transposed conv", weights => TransposedTaps.First(weights, kernel));
    }

    private static Step PrepareInteger(PrepareContext context, TransposeConvOptions options, int top, int left) => (context.Input(2).Type, context.Output(0).Type) switch
    {
        (TensorType.Int8, TensorType.Int8) => new IntegerTransposeConvStep<sbyte>(context, options, top, left),
        (TensorType.UInt8, TensorType.UInt8) => new IntegerTransposeConvStep<byte>(context, options, top, left),
        (TensorType.Int16, TensorType.Int16) => new IntegerTransposeConvStep<short>(context, options, top, left),
        _ => throw context.Fail($"has {context.Input(2).Type} input and {context.Input(1).Type} filter, for which there is no kernel"),
    };
}
