using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops.Integer;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>GATHER: slices of a tensor along an axis, by index; EMBEDDING_LOOKUP is the same along the first axis, the operands the other way round.</summary>
internal static class GatherOperator
{
    public static OperatorDefinition Gather { get; } = new(BuiltinOperator.Gather, InferGather, PrepareGather) { MovesElements = true };

    public static OperatorDefinition EmbeddingLookup { get; } = new(BuiltinOperator.EmbeddingLookup, InferEmbedding, PrepareEmbedding) { MovesElements = true };

    private static void InferGather(ShapeContext context)
    {
        var options = context.OptionsAs<GatherOptions>();
        Shape parameters = context.Shape(0), indices = context.Shape(1);
        if (!parameters.HasRank || !indices.HasRank)
        {
            context.Output(0, context.Type(0), Shape.Unknown);
            return;
        }

        int axis = context.Axis(options.Axis, parameters.Rank);
        int batch = options.BatchDims < 0 ? options.BatchDims + indices.Rank : options.BatchDims;
        if (batch < 0 || batch > axis || batch > indices.Rank)
            throw context.Fail($"has {options.BatchDims} batch dimensions with axis {axis} of {parameters}");
        Dimension[] dimensions = [.. parameters.Dimensions.Take(axis), .. indices.Dimensions.Skip(batch), .. parameters.Dimensions.Skip(axis + 1)];
        context.Output(0, context.Type(0), Shape.Of(dimensions), Picked(context, parameters));
    }

    /// <summary>Shape arithmetic: known elements of a known vector.</summary>
    private static Dimension[]? Picked(ShapeContext context, Shape parameters)
    {
        if (parameters.Rank != 1 || context.Values(0) is not { } values || context.KnownValues(1) is not { } indices)
            return null;
        return Array.TrueForAll(indices, index => (uint)index < (uint)values.Length) ? [.. indices.Select(index => values[index])] : null;
    }

    private static void InferEmbedding(ShapeContext context)
    {
        Shape indices = context.Shape(0), table = context.Shape(1);
        bool widens = context.Type(1) is TensorType.Int8 or TensorType.UInt8 or TensorType.Int4 or TensorType.Int2 && context.DeclaredType(0) == TensorType.Float32;
        context.Output(0, widens ? TensorType.Float32 : context.Type(1), !indices.HasRank || !table.HasRank ? Shape.Unknown : Shape.Of([.. indices.Dimensions, .. table.Dimensions.Skip(1)]));
    }

    private static Step PrepareGather(PrepareContext context)
    {
        var options = context.OptionsAs<GatherOptions>();
        TensorSlot parameters = context.Input(0), indices = context.Input(1);
        int axis = options.Axis < 0 ? options.Axis + parameters.Shape.Length : options.Axis;
        int batch = options.BatchDims < 0 ? options.BatchDims + indices.Shape.Length : options.BatchDims;
        int batches = Product(parameters.Shape, 0, batch), outer = Product(parameters.Shape, batch, axis), inner = Product(parameters.Shape, axis + 1, parameters.Shape.Length);
        context.Output(0).IsNonNegative = parameters.IsNonNegative;
        return Copy(context, parameters, indices, batches, outer, parameters.Shape[axis], inner * context.ElementBytes(parameters));
    }

    private static Step PrepareEmbedding(PrepareContext context)
    {
        TensorSlot indices = context.Input(0), table = context.Input(1);
        int rowLength = Product(table.Shape, 1, table.Shape.Length);
        if (table.Constant?.Blockwise is { } blocks)
            return new DequantizeRowsStep(indices, table, context.Output(0), blocks.Scales, blocks.BlockSize, rowLength);
        if (WeightCodes.AreSupported(table) && context.Output(0).Type == TensorType.Float32)
        {
            QuantizationParameters quantization = table.Quantization ?? throw context.Fail($"looks up '{table.Name}', which has no scale");
            if (quantization.PerChannel && quantization.Axis != 0)
                throw context.Fail($"has scales along axis {quantization.Axis}, not along the rows");
            return new DequantizeRowsStep(indices, table, context.Output(0), quantization.Scales, quantization.PerChannel ? rowLength : table.ElementCount, rowLength);
        }

        return Copy(context, table, indices, 1, 1, table.Shape[0], rowLength * context.ElementBytes(table));
    }

    private static Step Copy(PrepareContext context, TensorSlot parameters, TensorSlot indices, int batches, int outer, int size, int sliceBytes) => indices.Type switch
    {
        TensorType.Int32 => new CopyStep<int>(parameters, indices, context.Output(0), batches, outer, size, sliceBytes),
        TensorType.Int64 => new CopyStep<long>(parameters, indices, context.Output(0), batches, outer, size, sliceBytes),
        _ => throw context.Fail($"has indices of type {indices.Type}"),
    };

    private static int CheckedRow(TensorSlot output, TensorSlot table, int row) => (uint)row < (uint)table.Shape[0]
        ? row
        : throw new ArgumentOutOfRangeException($"'{output.Name}' looks up row {row} of {table.Shape[0]}", (Exception?)null);

    private static int Product(int[] shape, int from, int to)
    {
        int product = 1;
        for (int d = from; d < to; d++)
            product *= shape[d];
        return product;
    }

    /// <summary>parameters [batches, outer, size, slice], indices [batches, count] -> [batches, outer, count, slice].</summary>
    private sealed class CopyStep<TIndex>(TensorSlot parameters, TensorSlot indices, TensorSlot output, int batches, int outer, int size, int sliceBytes) : Step
        where TIndex : unmanaged, System.Numerics.IBinaryInteger<TIndex>
    {
        public override string Kernel => $"gather {parameters.Type}";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<byte> source = context.Read<byte>(parameters);
            ReadOnlySpan<TIndex> positions = context.Read<TIndex>(indices);
            Span<byte> target = context.Write<byte>(output);
            int count = batches == 0 ? 0 : positions.Length / batches;
            for (int b = 0, at = 0; b < batches; b++)
            {
                for (int o = 0; o < outer; o++)
                {
                    for (int i = 0; i < count; i++, at += sliceBytes)
                    {
                        long index = long.CreateTruncating(positions[b * count + i]);
                        if ((ulong)index >= (ulong)size)
                            throw new ArgumentOutOfRangeException($"'{output.Name}' gathers element {index} of a dimension of {size}", (Exception?)null);
                        source.Slice(((b * outer + o) * size + (int)index) * sliceBytes, sliceBytes).CopyTo(target[at..]);
                    }
                }
            }
        }
    }

    /// <summary>Rows of codes as floats, one scale for each so many elements.</summary>
    private sealed class DequantizeRowsStep(TensorSlot indices, TensorSlot table, TensorSlot output, float[] scales, int elementsOfScale, int rowLength) : Step
    {
        private readonly int _bits = table.Type.Bits();

        public override string Kernel => $"embedding lookup hybrid {table.Type}";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<int> positions = context.Read<int>(indices);
            ReadOnlySpan<byte> codes = context.Read<byte>(table);
            Span<float> target = context.Write<float>(output);
            for (int i = 0; i < positions.Length; i++)
            {
                int row = CheckedRow(output, table, positions[i]);
                for (int k = 0, at = row * rowLength; k < rowLength; k++, at++)
                    target[i * rowLength + k] = scales[at / elementsOfScale] * (_bits == 8 ? (sbyte)codes[at] : PackedCodes.At(codes, at, _bits));
            }
        }
    }
}
