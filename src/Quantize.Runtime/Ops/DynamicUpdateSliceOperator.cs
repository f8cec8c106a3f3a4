using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>DYNAMIC_UPDATE_SLICE: the operand with a block replaced; the block's place is clamped so that it fits. A loop may give both one place.</summary>
internal static class DynamicUpdateSliceOperator
{
    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.DynamicUpdateSlice, ElementwiseShapes.Unary, Prepare) { MovesElements = true };

    private static UpdateStep Prepare(PrepareContext context)
    {
        TensorSlot operand = context.Input(0), update = context.Input(1);
        int[] block = context.Fused.BlockShape ?? update.Shape;
        bool fits = operand.Shape.Length == block.Length && (context.Fused.Place?.Length ?? context.Input(2).ElementCount) == operand.Shape.Length;
        for (int d = 0; fits && d < operand.Shape.Length; d++)
            fits = block[d] <= operand.Shape[d];
        if (!fits)
            throw context.Fail($"puts {update} into {operand} at {context.Input(2)}");
        return new UpdateStep(operand, update, block, context.Input(2), context.Fused.Place, context.Output(0), context.ElementBytes(operand));
    }

    private sealed class UpdateStep(
        TensorSlot operand, TensorSlot update, int[] block, TensorSlot start, TensorSlot[]? place, TensorSlot output, int elementBytes) : Step
    {
        /// <summary>Elements that lie side by side in both: what follows the last dimension of which the block has but a part, and that part.</summary>
        private readonly int _run = Run(operand.Shape, block);
        private readonly int[] _strides = [.. operand.Shape.Select((_, d) => AxisGeometry.Of(operand.Shape, d).Inner)];

        public override string Kernel => "dynamic update slice";

        public override void Run(in RunContext context)
        {
            Span<byte> target = context.Write<byte>(output);
            if (operand != output)
                context.Read<byte>(operand).CopyTo(target);
            if (update.ElementCount == 0)
                return;
            ReadOnlySpan<byte> source = context.Read<byte>(update);
            int first = First(context), bytes = _run * elementBytes;
            for (int element = 0; element < update.ElementCount; element += _run)
                source.Slice(element * elementBytes, bytes).CopyTo(target[((first + Position(element)) * elementBytes)..]);
        }

        private static int Run(int[] operand, int[] update)
        {
            int run = 1;
            for (int d = operand.Length - 1; d >= 0; d--)
            {
                run *= update[d];
                if (update[d] != operand[d])
                    break;
            }

            return run;
        }

        /// <summary>Where the block begins.</summary>
        private int First(in RunContext context)
        {
            int position = 0;
            for (int d = 0; d < _strides.Length; d++)
            {
                long begin = place is not null ? context.Read<int>(place[d])[0] : start.Type == TensorType.Int64 ? context.Read<long>(start)[d] : context.Read<int>(start)[d];
                position += (int)Math.Clamp(begin, 0, operand.Shape[d] - block[d]) * _strides[d];
            }

            return position;
        }

        /// <summary>Where an element of the block lies, from the block's first one on.</summary>
        private int Position(int element)
        {
            int position = 0;
            for (int d = _strides.Length - 1; element > 0; d--)
            {
                (element, int index) = Math.DivRem(element, block[d]);
                position += index * _strides[d];
            }

            return position;
        }
    }
}
