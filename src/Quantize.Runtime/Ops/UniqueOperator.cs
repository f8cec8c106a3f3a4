using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>UNIQUE: the different elements of a vector in the order of their first appearance, and for each element which of them it is.</summary>
internal static class UniqueOperator
{
    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.Unique, Infer, Prepare) { SizesItself = true };

    private static void Infer(ShapeContext context)
    {
        Shape input = context.Shape(0, rank: 1);
        TensorType positions = context.OptionsAs<UniqueOptions>().IdxOutType;
        context.Output(0, context.Type(0), Shape.Of(context.Open("unique")));
        context.Output(1, positions is TensorType.Int32 or TensorType.Int64 ? positions : TensorType.Int32, input);
    }

    private static Step Prepare(PrepareContext context) => context.Input(0).Type switch
    {
        TensorType.Float32 => new UniqueStep<float>(context),
        TensorType.Int8 => new UniqueStep<sbyte>(context),
        TensorType.UInt8 => new UniqueStep<byte>(context),
        TensorType.Int16 => new UniqueStep<short>(context),
        TensorType.Int32 => new UniqueStep<int>(context),
        TensorType.Int64 => new UniqueStep<long>(context),
        TensorType type => throw context.Fail($"looks for different elements of {type}, for which there is no kernel"),
    };

    private sealed class UniqueStep<T>(PrepareContext prepare) : Step
        where T : unmanaged, IEquatable<T>
    {
        private readonly TensorSlot _input = prepare.Input(0);
        private readonly TensorSlot _values = prepare.Output(0);
        private readonly TensorSlot _positions = prepare.Output(1);
        private readonly TensorSlot _table = prepare.Scratch(TableLength(prepare.Input(0).ElementCount) * sizeof(int));
        private readonly TensorSlot _firsts = prepare.Scratch(prepare.Input(0).ElementCount * sizeof(int));

        public override string Kernel => $"unique {_input.Type}";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<T> source = context.Read<T>(_input);
            Span<int> firsts = context.Write<int>(_firsts), table = context.Write<int>(_table);
            table.Fill(-1);
            int count = 0;
            for (int i = 0; i < source.Length; i++)
            {
                ref int entry = ref Find(table, source, firsts, source[i]);
                if (entry < 0)
                {
                    entry = count;
                    firsts[count++] = i;
                }

                SetPosition(context, i, entry);
            }

            Span<T> values = context.Allocate<T>(_values, count);
            for (int i = 0; i < count; i++)
                values[i] = source[firsts[i]];
        }

        /// <summary>A power of two that is at most half full.</summary>
        private static int TableLength(int elements) => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, checked(2 * elements)));

        /// <summary>The element's place in the table, open addressing: -1 there where it is new.</summary>
        private static ref int Find(Span<int> table, ReadOnlySpan<T> source, ReadOnlySpan<int> firsts, T element)
        {
            int at = (int)((uint)element.GetHashCode() * 2654435769u) & (table.Length - 1);
            while (table[at] >= 0 && !source[firsts[table[at]]].Equals(element))
                at = (at + 1) & (table.Length - 1);
            return ref table[at];
        }

        private void SetPosition(in RunContext context, int element, int position)
        {
            if (_positions.Type == TensorType.Int64)
                context.Write<long>(_positions)[element] = position;
            else
                context.Write<int>(_positions)[element] = position;
        }
    }
}
