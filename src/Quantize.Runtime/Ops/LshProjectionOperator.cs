using System.Buffers.Binary;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>
/// LSH_PROJECTION: a bit for each seed, the sign of the weighted sum of the fingerprints of the items under this seed. Seeds [hashes, bits], items [count, ...], weights [count]
/// or none; dense: the bits [hashes * bits]; sparse: the number of each hash [hashes] among those of all.
/// </summary>
internal static class LshProjectionOperator
{
    private const int Seeds = 0, Items = 1, Weights = 2;
    private const int MostBits = 32;

    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.LshProjection, Infer, Prepare);

    private static void Infer(ShapeContext context)
    {
        Shape seeds = context.Shape(Seeds, rank: 2);
        bool isDense = context.OptionsAs<LshProjectionOptions>().Kind == LshProjectionKind.Dense;
        context.Output(0, TensorType.Int32, !seeds.HasRank ? Shape.Unknown : isDense ? Shape.Of(seeds[0] * seeds[1]) : Shape.Of(seeds[0]));
    }

    private static ProjectStep Prepare(PrepareContext context)
    {
        TensorSlot seeds = context.Input(Seeds), items = context.Input(Items);
        LshProjectionKind kind = context.OptionsAs<LshProjectionOptions>().Kind;
        if (kind is not (LshProjectionKind.Sparse or LshProjectionKind.Dense))
            throw context.Fail($"projects in the unknown way {(int)kind}");
        if (seeds.Type != TensorType.Float32 || seeds.Shape[1] > MostBits || items.Shape.Length == 0)
            throw context.Fail($"projects {items} by {seeds}, for which there is no kernel");
        if (context.OptionalInput(Weights) is { } weights && (weights.Type != TensorType.Float32 || weights.ElementCount != items.Shape[0]))
            throw context.Fail($"has {weights} for {items.Shape[0]} items");
        return new ProjectStep(context, kind);
    }

    private sealed class ProjectStep : Step
    {
        private readonly TensorSlot _seeds;
        private readonly TensorSlot _items;
        private readonly TensorSlot? _weights;
        private readonly TensorSlot _output;
        private readonly TensorSlot _key;
        private readonly bool _isDense;
        private readonly int _itemBytes;

        public ProjectStep(PrepareContext context, LshProjectionKind kind)
        {
            (_seeds, _items, _weights, _output) = (context.Input(Seeds), context.Input(Items), context.OptionalInput(Weights), context.Output(0));
            _isDense = kind == LshProjectionKind.Dense;
            _itemBytes = _items.Shape[0] == 0 ? 0 : _items.ElementCount / _items.Shape[0] * context.ElementBytes(_items);
            _key = context.Scratch(checked(sizeof(float) + _itemBytes));
        }

        public override string Kernel => "hash projection";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<float> seeds = context.Read<float>(_seeds);
            Span<int> target = context.Write<int>(_output);
            int bits = _seeds.Shape[1];
            for (int hash = 0; hash < _seeds.Shape[0]; hash++)
            {
                int number = 0;
                for (int bit = 0; bit < bits; bit++)
                {
                    int value = Sum(context, seeds[hash * bits + bit]) > 0 ? 1 : 0;
                    number = number << 1 | value;
                    if (_isDense)
                        target[hash * bits + bit] = value;
                }

                if (!_isDense)
                    target[hash] = unchecked(number + hash * (1 << bits));
            }
        }

        /// <summary>A fingerprint is of the seed's four bytes and those of the item.</summary>
        private double Sum(in RunContext context, float seed)
        {
            ReadOnlySpan<byte> items = context.Read<byte>(_items);
            Span<byte> key = context.Write<byte>(_key);
            BinaryPrimitives.WriteSingleLittleEndian(key, seed);
            double sum = 0;
            for (int i = 0; i < _items.Shape[0]; i++)
            {
                items.Slice(i * _itemBytes, _itemBytes).CopyTo(key[sizeof(float)..]);
                double value = unchecked((long)Fingerprint.Of(key));
                sum += _weights is null ? value : context.Read<float>(_weights)[i] * value;
            }

            return sum;
        }
    }
}
