using Quantize.Runtime.Format;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>GATHER_ND and SCATTER_ND: slices addressed by the last dimension of an index tensor.</summary>
internal static class GatherNdOperator
{
    public static OperatorDefinition GatherNd { get; } = new(BuiltinOperator.GatherNd, InferGather, PrepareGather) { MovesElements = true };

    public static OperatorDefinition ScatterNd { get; } = new(BuiltinOperator.ScatterNd, InferScatter, PrepareScatter);

    private static void InferGather(ShapeContext context)
    {
        Shape parameters = context.Shape(0), indices = context.Shape(1);
        if (!parameters.HasRank || !indices.HasRank || !indices[^1].IsKnown)
        {
            context.Output(0, context.Type(0), Shape.Unknown);
            return;
        }

        int depth = indices[^1].Value;
        if (depth > parameters.Rank)
            throw context.Fail($"has {depth} coordinates for {parameters}");
        context.Output(0, context.Type(0), Shape.Of([.. indices.Dimensions.SkipLast(1), .. parameters.Dimensions.Skip(depth)]));
    }

    private static void InferScatter(ShapeContext context) =>
        context.Output(0, context.Type(1), context.Values(2) is { } dimensions ? Shape.Of(dimensions) : Shape.Unknown);

    private static GatherNdStep PrepareGather(PrepareContext context)
    {
        TensorSlot parameters = context.Input(0), indices = context.Input(1);
        context.Output(0).IsNonNegative = parameters.IsNonNegative;
        return new GatherNdStep(parameters, indices, context.Output(0), new Addressing(context, parameters.Shape, indices), context.ElementBytes(parameters));
    }

    private static Step PrepareScatter(PrepareContext context)
    {
        TensorSlot indices = context.Input(0), updates = context.Input(1), output = context.Output(0);
        var addressing = new Addressing(context, output.Shape, indices);
        if (updates.ElementCount != addressing.Count * (long)addressing.SliceLength)
            throw context.Fail($"scatters {updates} to {addressing.Count} places of {addressing.SliceLength} elements");
        return updates.Type switch
        {
            TensorType.Bool => new ScatterNdStep<byte>(indices, updates, output, addressing, (_, update) => update),
            TensorType.Float32 => new ScatterNdStep<float>(indices, updates, output, addressing, (sum, update) => sum + update),
            TensorType.Int32 => new ScatterNdStep<int>(indices, updates, output, addressing, (sum, update) => sum + update),
            TensorType.Int64 => new ScatterNdStep<long>(indices, updates, output, addressing, (sum, update) => sum + update),
            TensorType.Int8 => new ScatterNdStep<sbyte>(indices, updates, output, addressing, (sum, update) => (sbyte)(sum + update)),
            TensorType.UInt8 => new ScatterNdStep<byte>(indices, updates, output, addressing, (sum, update) => (byte)(sum + update)),
            _ => throw context.Fail($"scatters {updates.Type}, for which there is no kernel"),
        };
    }

    /// <summary>Coordinates to the position of a slice, each checked.</summary>
    private sealed class Addressing
    {
        private readonly int[] _shape;
        private readonly TensorSlot _indices;

        public Addressing(PrepareContext context, int[] shape, TensorSlot indices)
        {
            if (indices.Type is not (TensorType.Int32 or TensorType.Int64))
                throw context.Fail($"has indices of type {indices.Type}");
            _shape = shape;
            _indices = indices;
            Depth = indices.Shape[^1];
            if (Depth > shape.Length)
                throw context.Fail($"has {Depth} coordinates for [{string.Join(',', shape)}]");
            SliceLength = 1;
            for (int d = Depth; d < shape.Length; d++)
                SliceLength *= shape[d];
            Count = 1;
            for (int d = 0; d < indices.Shape.Length - 1; d++)
                Count *= indices.Shape[d];
        }

        public int Depth { get; }

        public int SliceLength { get; }

        public int Count { get; }

        public int Position(in RunContext context, int slice)
        {
            int position = 0;
            for (int d = 0; d < Depth; d++)
            {
                long index = _indices.Type == TensorType.Int64 ? context.Read<long>(_indices)[slice * Depth + d] : context.Read<int>(_indices)[slice * Depth + d];
                if ((ulong)index >= (ulong)_shape[d])
                    throw new ArgumentOutOfRangeException($"'{_indices.Name}' addresses element {index} of a dimension of {_shape[d]}", (Exception?)null);
                position = position * _shape[d] + (int)index;
            }

            return position * SliceLength;
        }
    }

    private sealed class GatherNdStep(TensorSlot parameters, TensorSlot indices, TensorSlot output, Addressing addressing, int elementBytes) : Step
    {
        public override string Kernel => $"gather nd {indices.Type}";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<byte> source = context.Read<byte>(parameters);
            Span<byte> target = context.Write<byte>(output);
            int bytes = addressing.SliceLength * elementBytes;
            for (int i = 0; i < addressing.Count; i++)
                source.Slice(addressing.Position(context, i) * elementBytes, bytes).CopyTo(target[(i * bytes)..]);
        }
    }

    /// <summary>Updates of one place are joined, numbers by addition.</summary>
    private sealed class ScatterNdStep<T>(TensorSlot indices, TensorSlot updates, TensorSlot output, Addressing addressing, Func<T, T, T> join) : Step
        where T : unmanaged
    {
        public override string Kernel => $"scatter nd {indices.Type}";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<T> source = context.Read<T>(updates);
            Span<T> target = context.Write<T>(output);
            target.Clear();
            for (int i = 0; i < addressing.Count; i++)
            {
                int at = addressing.Position(context, i);
                for (int k = 0; k < addressing.SliceLength; k++)
                    target[at + k] = join(target[at + k], source[i * addressing.SliceLength + k]);
            }
        }
    }
}
