using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops.Integer;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>CONCATENATION along an axis, and PACK, which is the same along a new axis.</summary>
internal static class ConcatenationOperator
{
    public static OperatorDefinition Concatenation { get; } = new(BuiltinOperator.Concatenation, LayoutShapes.Concatenation, PrepareConcatenation) { MovesElements = true };

    public static OperatorDefinition Pack { get; } = new(BuiltinOperator.Pack, LayoutShapes.Pack, PreparePack) { MovesElements = true };

    private static Step PrepareConcatenation(PrepareContext context)
    {
        var options = context.OptionsAs<ConcatenationOptions>();
        if (options.Activation != ActivationFunction.None)
            throw context.Fail($"has the fused activation {options.Activation}, for which there is no kernel");
        int rank = context.Output(0).Shape.Length;
        int axis = options.Axis < 0 ? options.Axis + rank : options.Axis;
        AxisGeometry[] parts = [.. Enumerable.Range(0, context.InputCount).Select(i => AxisGeometry.Of(context.Input(i).Shape, axis))];
        return RescaledJoinStep.Applies(context) ? new RescaledJoinStep(context, parts) : Join(context, parts);
    }

    private static JoinStep PreparePack(PrepareContext context)
    {
        int rank = context.Output(0).Shape.Length;
        int axis = context.OptionsAs<PackOptions>().Axis;
        AxisGeometry whole = AxisGeometry.Of(context.Output(0).Shape, axis < 0 ? axis + rank : axis);
        return Join(context, [.. Enumerable.Repeat(whole with { Length = 1 }, context.InputCount)]);
    }

    private static JoinStep Join(PrepareContext context, AxisGeometry[] parts)
    {
        TensorSlot[] inputs = [.. Enumerable.Range(0, context.InputCount).Select(context.Input)];
        if (inputs.Any(input => input.Type != inputs[0].Type))
            throw context.Fail($"joins tensors of different types: {string.Join(", ", inputs.Select(input => input.Type))}");
        int bytes = inputs[0].Type.Bits() / 8;
        if (bytes == 0)
            throw context.Fail($"joins {inputs[0].Type}, for which there is no kernel");
        context.Output(0).IsNonNegative = inputs.All(input => input.IsNonNegative);
        return new JoinStep(inputs, context.Output(0), parts[0].Outer, [.. parts.Select(part => part.Length * part.Inner * bytes)]);
    }

    private sealed class JoinStep(TensorSlot[] inputs, TensorSlot output, int rows, int[] rowBytes) : Step
    {
        private readonly int _stride = rowBytes.Sum();

        public override string Kernel => "concatenation";

        public override void Run(in RunContext context)
        {
            Span<byte> target = context.Write<byte>(output);
            for (int i = 0, at = 0; i < inputs.Length; at += rowBytes[i], i++)
            {
                ReadOnlySpan<byte> source = context.Read<byte>(inputs[i]);
                for (int row = 0; row < rows; row++)
                    source.Slice(row * rowBytes[i], rowBytes[i]).CopyTo(target[(row * _stride + at)..]);
            }
        }
    }
}
