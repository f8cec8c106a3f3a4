using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>
/// SPACE_TO_BATCH_ND pads the spatial dimensions and deals their blocks out to the batch; BATCH_TO_SPACE_ND gathers them back and crops. Block sizes and
/// paddings are constants.
/// </summary>
internal static class SpaceBatchOperator
{
    public static OperatorDefinition SpaceToBatch { get; } = new(BuiltinOperator.SpaceToBatchNd, InferSpaceToBatch, context => Prepare(context, toBatch: true));

    public static OperatorDefinition BatchToSpace { get; } = new(BuiltinOperator.BatchToSpaceNd, InferBatchToSpace, context => Prepare(context, toBatch: false));

    private static void InferSpaceToBatch(ShapeContext context)
    {
        if (!Known(context, out Shape input, out int[] blocks, out int[] edges))
            return;
        Dimension[] dimensions = [.. input.Dimensions];
        for (int i = 0; i < blocks.Length; i++)
        {
            Dimension padded = input[i + 1] + edges[2 * i] + edges[2 * i + 1];
            if (padded.IsKnown && padded.Value % blocks[i] != 0)
                throw context.Fail($"deals {padded} elements of dimension {i + 1} out in blocks of {blocks[i]}");
            dimensions[i + 1] = padded.CeilingDivide(blocks[i]);
            dimensions[0] *= blocks[i];
        }

        context.Output(0, context.Type(0), Shape.Of(dimensions));
    }

    private static void InferBatchToSpace(ShapeContext context)
    {
        if (!Known(context, out Shape input, out int[] blocks, out int[] edges))
            return;
        Dimension[] dimensions = [.. input.Dimensions];
        int product = blocks.Aggregate(1, (all, block) => all * block);
        if (input[0].IsKnown && input[0].Value % product != 0)
            throw context.Fail($"gathers a batch of {input[0]} in blocks of {product}");
        dimensions[0] = input[0].CeilingDivide(product);
        for (int i = 0; i < blocks.Length; i++)
        {
            dimensions[i + 1] = input[i + 1] * blocks[i] - edges[2 * i] - edges[2 * i + 1];
            if (dimensions[i + 1].IsKnown && dimensions[i + 1].Value < 0)
                throw context.Fail($"crops more of dimension {i + 1} than there is");
        }

        context.Output(0, context.Type(0), Shape.Of(dimensions));
    }

    private static bool Known(ShapeContext context, out Shape input, out int[] blocks, out int[] edges)
    {
        input = context.Shape(0);
        blocks = context.KnownValues(1) ?? [];
        edges = context.KnownValues(2) ?? [];
        if (!input.HasRank || context.KnownValues(1) is null || context.KnownValues(2) is null)
        {
            context.Output(0, context.Type(0), Shape.Unknown);
            return false;
        }

        if (blocks.Length >= input.Rank || edges.Length != 2 * blocks.Length || blocks.Any(block => block < 1) || edges.Any(edge => edge < 0))
            throw context.Fail($"has the blocks [{string.Join(',', blocks)}] and the edges [{string.Join(',', edges)}] for {input}");
        return true;
    }

    private static BlockStep Prepare(PrepareContext context, bool toBatch)
    {
        TensorSlot input = context.Input(0), output = context.Output(0);
        output.IsNonNegative = input.IsNonNegative;
        int[] blocks = [.. context.Integers(context.Input(1)).Select(block => (int)block)];
        int[] before = [.. context.Integers(context.Input(2)).Where((_, i) => i % 2 == 0).Select(edge => (int)edge)];
        return new BlockStep(input, output, blocks, before, toBatch, context.ElementBytes(input));
    }

    /// <summary>Element (block * batch + b, y, ...) of the batch side is element (b, y * blockSize + offset of the block - before, ...) of the space side.</summary>
    private sealed class BlockStep(TensorSlot input, TensorSlot output, int[] blocks, int[] before, bool toBatch, int elementBytes) : Step
    {
        private readonly TensorSlot _batchSide = toBatch ? output : input;
        private readonly TensorSlot _spaceSide = toBatch ? input : output;

        public override string Kernel => toBatch ? "space to batch" : "batch to space";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<byte> source = context.Read<byte>(input);
            Span<byte> target = context.Write<byte>(output);
            if (toBatch)
                target.Fill(unchecked((byte)(input.Quantization?.ZeroPoints[0] ?? 0)));
            int spatial = blocks.Length;
            int inner = AxisGeometry.Of(_batchSide.Shape, spatial).Inner * elementBytes;
            int positions = inner == 0 ? 0 : _batchSide.ByteLength / inner;
            for (int position = 0; position < positions; position++)
            {
                int other = SpacePosition(position);
                if (other < 0)
                    continue;
                if (toBatch)
                    source.Slice(other * inner, inner).CopyTo(target[(position * inner)..]);
                else
                    source.Slice(position * inner, inner).CopyTo(target[(other * inner)..]);
            }
        }

        /// <summary>The position in the space side, -1 where it lies in the padding.</summary>
        private int SpacePosition(int position)
        {
            int rest = position, stride = 1, result = 0;
            int batch = position;
            for (int d = blocks.Length; d > 0; d--)
                batch /= _batchSide.Shape[d];
            int spaceBatch = _spaceSide.Shape[0];
            int block = spaceBatch == 0 ? 0 : batch / spaceBatch;
            for (int d = blocks.Length; d > 0; d--)
            {
                int index = rest % _batchSide.Shape[d] * blocks[d - 1] + block % blocks[d - 1] - before[d - 1];
                rest /= _batchSide.Shape[d];
                block /= blocks[d - 1];
                if ((uint)index >= (uint)_spaceSide.Shape[d])
                    return -1;
                result += index * stride;
                stride *= _spaceSide.Shape[d];
            }

            return result + batch % spaceBatch * stride;
        }
    }
}
