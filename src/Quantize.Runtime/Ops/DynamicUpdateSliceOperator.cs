using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>DYNAMIC_UPDATE_SLICE: the operand with a block replaced; the block's place is clamped so that it fits. A loop may give both one place.</summary>
internal static class DynamicUpdateSliceOperator
{
    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.DynamicUpdateSlice, ElementwiseShapes.Unary, Prepare);

    private static UpdateStep Prepare(PrepareContext context)
    {
        TensorSlot operand = context.Input(0), update = context.Input(1);
        bool fits = operand.Shape.Length == update.Shape.Length && context.Input(2).ElementCount == operand.Shape.Length;
        for (int d = 0; fits && d < operand.Shape.Length; d++)
            fits = update.Shape[d] <= operand.Shape[d];
        if (!fits)
            throw context.Fail($"puts {update} into {operand} at {context.Input(2)}");
        return new UpdateStep(operand, update, context.Input(2), context.Output(0), context.ElementBytes(operand));
    }

    private sealed class UpdateStep(TensorSlot operand, TensorSlot update, TensorSlot start, TensorSlot output, int elementBytes) : Step
    {
        public override string Kernel => "dynamic update slice";

        public override void Run(in RunContext context)
        {
            Span<byte> target = context.Write<byte>(output);
            if (operand != output)
                context.Read<byte>(operand).CopyTo(target);
            if (update.ElementCount == 0)
                return;
            int rank = operand.Shape.Length, run = (rank == 0 ? 1 : update.Shape[^1]) * elementBytes;
            ReadOnlySpan<byte> source = context.Read<byte>(update);
            for (int row = 0; row * run < source.Length; row++)
                source.Slice(row * run, run).CopyTo(target[(Position(context, row, rank) * elementBytes)..]);
        }

        private int Position(in RunContext context, int row, int rank)
        {
            int position = 0;
            for (int d = rank - 1; d >= 0; d--)
            {
                int index = d == rank - 1 ? 0 : row % update.Shape[d];
                row = d == rank - 1 ? row : row / update.Shape[d];
                long begin = start.Type == TensorType.Int64 ? context.Read<long>(start)[d] : context.Read<int>(start)[d];
                position += (index + (int)Math.Clamp(begin, 0, operand.Shape[d] - update.Shape[d])) * AxisGeometry.Of(operand.Shape, d).Inner;
            }

            return position;
        }
    }
}
