using Quantize.Runtime.Format;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>TOPK_V2: the k greatest of the last dimension, greatest first, equal ones by position, and where they stood.</summary>
internal static class TopKOperator
{
    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.TopkV2, Infer, Prepare);

    private static void Infer(ShapeContext context)
    {
        Shape input = context.Shape(0);
        if (!input.HasRank || context.Values(1) is not [Dimension k])
        {
            context.Output(0, context.Type(0), Shape.Unknown);
            context.Output(1, TensorType.Int32, Shape.Unknown);
            return;
        }

        if (input.Rank == 0 || (k.IsKnown && (k.Value < 0 || (input[^1].IsKnown && k.Value > input[^1].Value))))
            throw context.Fail($"takes the {k} greatest of {input}");
        Shape output = input.With(input.Rank - 1, k);
        context.Output(0, context.Type(0), output);
        context.Output(1, TensorType.Int32, output);
    }

    private static Step Prepare(PrepareContext context)
    {
        TensorSlot input = context.Input(0);
        context.Output(0).IsNonNegative = input.IsNonNegative;
        return input.Type switch
        {
            TensorType.Float32 => new TopKStep<float>(context),
            TensorType.Int8 => new TopKStep<sbyte>(context),
            TensorType.UInt8 => new TopKStep<byte>(context),
            TensorType.Int16 => new TopKStep<short>(context),
            TensorType.Int32 => new TopKStep<int>(context),
            TensorType.Int64 => new TopKStep<long>(context),
            _ => throw context.Fail($"orders {input.Type}, for which there is no kernel"),
        };
    }

    private sealed class TopKStep<T>(PrepareContext prepare) : Step
        where T : unmanaged, IComparable<T>
    {
        private readonly TensorSlot _input = prepare.Input(0);
        private readonly TensorSlot _values = prepare.Output(0);
        private readonly TensorSlot _positions = prepare.Output(1);
        private readonly TensorSlot _order = prepare.Scratch(prepare.Input(0).Shape[^1] * sizeof(int));

        public override string Kernel => $"top k {_input.Type}";

        public override void Run(in RunContext context)
        {
            int length = _input.Shape[^1], k = _values.Shape[^1];
            ReadOnlySpan<T> source = context.Read<T>(_input);
            Span<T> values = context.Write<T>(_values);
            Span<int> positions = context.Write<int>(_positions), order = context.Write<int>(_order);
            for (int row = 0; k > 0 && row < values.Length / k; row++)
            {
                Sort(source.Slice(row * length, length), order);
                for (int i = 0; i < k; i++)
                {
                    values[row * k + i] = source[row * length + order[i]];
                    positions[row * k + i] = order[i];
                }
            }
        }

        /// <summary>A heap of positions, the worst on top, drained from the back.</summary>
        private static void Sort(ReadOnlySpan<T> values, Span<int> order)
        {
            for (int i = 0; i < order.Length; i++)
                order[i] = i;
            for (int i = order.Length / 2 - 1; i >= 0; i--)
                Sink(values, order, i);
            for (int end = order.Length - 1; end > 0; end--)
            {
                (order[0], order[end]) = (order[end], order[0]);
                Sink(values, order[..end], 0);
            }
        }

        private static void Sink(ReadOnlySpan<T> values, Span<int> heap, int at)
        {
            while (true)
            {
                int child = 2 * at + 1;
                if (child >= heap.Length)
                    return;
                if (child + 1 < heap.Length && StandsBefore(values, heap[child], heap[child + 1]))
                    child++;
                if (!StandsBefore(values, heap[at], heap[child]))
                    return;
                (heap[at], heap[child]) = (heap[child], heap[at]);
                at = child;
            }
        }

        private static bool StandsBefore(ReadOnlySpan<T> values, int a, int b)
        {
            int comparison = values[a].CompareTo(values[b]);
            return comparison > 0 || (comparison == 0 && a < b);
        }
    }
}
