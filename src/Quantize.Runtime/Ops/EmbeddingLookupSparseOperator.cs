using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>
/// EMBEDDING_LOOKUP_SPARSE: weighted rows of a table, added up for each place of a sparse matrix without its last dimension. Ids [count], their places [count, rank], the dense
/// shape [rank], weights [count], table [rows, ...]; sums are divided by those of the weights, or by the root of that of their squares, where the combiner says so.
/// </summary>
internal static class EmbeddingLookupSparseOperator
{
    private const int Ids = 0, Places = 1, DenseShape = 2, Weights = 3, Table = 4;

    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.EmbeddingLookupSparse, Infer, Prepare);

    private static void Infer(ShapeContext context)
    {
        Shape table = context.Shape(Table);
        bool known = context.Values(DenseShape) is { Length: > 0 } && table.HasRank;
        context.Output(0, context.Type(Table), known ? Shape.Of([.. context.Values(DenseShape)!.SkipLast(1), .. table.Dimensions.Skip(1)]) : Shape.Unknown);
    }

    private static SumStep Prepare(PrepareContext context)
    {
        TensorSlot ids = context.Input(Ids), places = context.Input(Places), weights = context.Input(Weights), table = context.Input(Table);
        if (ids.Type != TensorType.Int32 || places.Type != TensorType.Int32 || weights.Type != TensorType.Float32 || table.Type != TensorType.Float32)
            throw context.Fail($"looks up {ids} at {places} with {weights} in {table}, for which there is no kernel");
        if (places.Shape is not [int count, > 0] || count != ids.ElementCount || count != weights.ElementCount || places.Shape[1] != context.Input(DenseShape).ElementCount
            || table.Shape.Length == 0)
            throw context.Fail($"has operands that do not fit each other: {ids}, {places}, {weights}, {table}");
        return new SumStep(context);
    }

    private sealed class SumStep : Step
    {
        private readonly TensorSlot _ids;
        private readonly TensorSlot _places;
        private readonly TensorSlot _weights;
        private readonly TensorSlot _table;
        private readonly TensorSlot _output;
        private readonly TensorSlot _totals;
        private readonly CombinerType _combiner;
        private readonly int _sums;
        private readonly int _row;

        public SumStep(PrepareContext context)
        {
            (_ids, _places, _weights, _table) = (context.Input(Ids), context.Input(Places), context.Input(Weights), context.Input(Table));
            _output = context.Output(0);
            _combiner = context.OptionsAs<EmbeddingLookupSparseOptions>().Combiner;
            _sums = 1;
            for (int d = 0; d < _places.Shape[1] - 1; d++)
                _sums *= _output.Shape[d];
            _row = _sums == 0 ? 0 : _output.ElementCount / _sums;
            _totals = context.Scratch(checked(_sums * sizeof(float)));
        }

        public override string Kernel => $"embedding lookup sparse {_combiner.ToString().ToLowerInvariant()}";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<int> ids = context.Read<int>(_ids);
            ReadOnlySpan<float> weights = context.Read<float>(_weights);
            Span<float> target = context.Write<float>(_output), totals = context.Write<float>(_totals);
            target.Clear();
            totals.Clear();
            for (int i = 0; i < ids.Length; i++)
            {
                int sum = Sum(context.Read<int>(_places).Slice(i * _places.Shape[1], _places.Shape[1] - 1));
                totals[sum] += _combiner == CombinerType.Sqrtn ? weights[i] * weights[i] : weights[i];
                Add(Row(context, ids[i]), weights[i], target.Slice(sum * _row, _row));
            }

            if (_combiner != CombinerType.Sum)
                Divide(target, totals);
        }

        private int Sum(ReadOnlySpan<int> place)
        {
            int sum = 0;
            for (int d = 0; d < place.Length; d++)
            {
                if ((uint)place[d] >= (uint)_output.Shape[d])
                    throw new ArgumentOutOfRangeException($"'{_places.Name}' names place {place[d]} of a dimension of {_output.Shape[d]}", (Exception?)null);
                sum = sum * _output.Shape[d] + place[d];
            }

            return sum;
        }

        private ReadOnlySpan<float> Row(in RunContext context, int id) => (uint)id < (uint)_table.Shape[0]
            ? context.Read<float>(_table).Slice(id * _row, _row)
            : throw new ArgumentOutOfRangeException($"'{_ids.Name}' names row {id} of {_table.Shape[0]}", (Exception?)null);

        private static void Add(ReadOnlySpan<float> row, float weight, Span<float> sum)
        {
            for (int k = 0; k < row.Length; k++)
                sum[k] += row[k] * weight;
        }

        /// <summary>A place that nobody names stays 0.</summary>
        private void Divide(Span<float> target, ReadOnlySpan<float> totals)
        {
            for (int i = 0; i < totals.Length; i++)
            {
                float factor = totals[i] == 0 ? 0 : 1 / (_combiner == CombinerType.Sqrtn ? MathF.Sqrt(totals[i]) : totals[i]);
                foreach (ref float value in target.Slice(i * _row, _row))
                    value *= factor;
            }
        }
    }
}
