using Quantize.Runtime.Format;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>WHERE: the coordinates of the elements that are not zero, int64 [count, rank], in row-major order.</summary>
internal static class WhereOperator
{
    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.Where, Infer, Prepare) { SizesItself = true };

    private static void Infer(ShapeContext context)
    {
        Shape input = context.Shape(0);
        context.Output(0, TensorType.Int64, Shape.Of(context.Open("found"), input.HasRank ? input.Rank : context.Open("rank")));
    }

    private static Step Prepare(PrepareContext context) => context.Input(0).Type switch
    {
        TensorType.Bool or TensorType.Int8 or TensorType.UInt8 => new WhereStep<byte>(context.Input(0), context.Output(0)),
        TensorType.Float32 => new WhereStep<float>(context.Input(0), context.Output(0)),
        TensorType.Int32 or TensorType.UInt32 => new WhereStep<int>(context.Input(0), context.Output(0)),
        TensorType.Int64 => new WhereStep<long>(context.Input(0), context.Output(0)),
        TensorType type => throw context.Fail($"looks for elements of {type}, for which there is no kernel"),
    };

    private sealed class WhereStep<T>(TensorSlot input, TensorSlot output) : Step
        where T : unmanaged, System.Numerics.INumber<T>
    {
        public override string Kernel => $"where {input.Type}";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<T> source = context.Read<T>(input);
            int rank = input.Shape.Length, found = 0;
            foreach (T element in source)
                found += element != T.Zero ? 1 : 0;
            Span<long> target = context.Allocate<long>(output, found, rank);
            for (int i = 0, at = 0; i < source.Length; i++)
            {
                if (source[i] == T.Zero)
                    continue;
                int rest = i;
                for (int d = rank - 1; d >= 0; d--)
                    (rest, target[at + d]) = int.DivRem(rest, input.Shape[d]);
                at += rank;
            }
        }
    }
}
