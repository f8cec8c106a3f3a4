using Quantize.Runtime.Format;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>
/// SPARSE_TO_DENSE: a tensor of one value, and others at some positions: indices [count, rank], or [count] of a vector, shape [rank], values [count] or one for all, the default.
/// </summary>
internal static class SparseToDenseOperator
{
    private const int Indices = 0, OutputShape = 1, Values = 2, Default = 3;

    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.SparseToDense, Infer, Prepare);

    private static void Infer(ShapeContext context)
    {
        if (context.KnownValues(OutputShape) is { } dimensions && Array.Exists(dimensions, dimension => dimension < 0))
            throw context.Fail($"makes the shape [{string.Join(',', dimensions)}]");
        context.Output(0, context.Type(Values), context.Values(OutputShape) is { } shape ? Shape.Of(shape) : Shape.Unknown);
    }

    private static Step Prepare(PrepareContext context)
    {
        TensorSlot indices = context.Input(Indices), values = context.Input(Values), output = context.Output(0);
        int count = indices.Shape.Length == 0 ? 1 : indices.Shape[0];
        if (indices.Shape.Length > 2 || indices.ElementCount != (long)count * output.Shape.Length)
            throw context.Fail($"has the positions {indices} in a tensor of {output.Shape.Length} dimensions");
        if (values.ElementCount != 1 && values.ElementCount != count)
            throw context.Fail($"has {values} for {count} positions");
        if (context.Input(Default).Type != values.Type || context.Input(Default).ElementCount != 1)
            throw context.Fail($"fills a tensor of {values.Type} with {context.Input(Default)}");
        return indices.Type switch
        {
            TensorType.Int32 => new FillStep<int>(context, count),
            TensorType.Int64 => new FillStep<long>(context, count),
            _ => throw context.Fail($"has positions of type {indices.Type}"),
        };
    }

    private sealed class FillStep<TIndex>(PrepareContext prepare, int count) : Step
        where TIndex : unmanaged, System.Numerics.IBinaryInteger<TIndex>
    {
        private readonly TensorSlot _indices = prepare.Input(Indices);
        private readonly TensorSlot _values = prepare.Input(Values);
        private readonly TensorSlot _default = prepare.Input(Default);
        private readonly TensorSlot _output = prepare.Output(0);
        private readonly int _bytes = prepare.ElementBytes(prepare.Input(Values));

        public override string Kernel => $"sparse to dense {_values.Type}";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<TIndex> indices = context.Read<TIndex>(_indices);
            ReadOnlySpan<byte> values = context.Read<byte>(_values), absent = context.Read<byte>(_default);
            Span<byte> target = context.Write<byte>(_output);
            for (int at = 0; at < target.Length; at += _bytes)
                absent.CopyTo(target[at..]);
            int rank = _output.Shape.Length, step = _values.ElementCount == 1 ? 0 : _bytes;
            for (int i = 0; i < count; i++)
                values.Slice(i * step, _bytes).CopyTo(target[(Position(indices.Slice(i * rank, rank)) * _bytes)..]);
        }

        private int Position(ReadOnlySpan<TIndex> coordinates)
        {
            int position = 0;
            for (int d = 0; d < coordinates.Length; d++)
            {
                long index = long.CreateTruncating(coordinates[d]);
                if ((ulong)index >= (ulong)_output.Shape[d])
                    throw new ArgumentOutOfRangeException($"'{_indices.Name}' addresses element {index} of a dimension of {_output.Shape[d]}", (Exception?)null);
                position = position * _output.Shape[d] + (int)index;
            }

            return position;
        }
    }
}
