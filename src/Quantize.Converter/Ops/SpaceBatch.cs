using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Ops;

/// <summary>SPACE_TO_BATCH_ND and BATCH_TO_SPACE_ND, which want exactly one dimension behind the one or two that the blocks divide.</summary>
internal static class SpaceBatch
{
    public static Value[] SpaceToBatchNd(ImportContext context) => Import(context, BuiltinOperator.SpaceToBatchNd, context.Index(1), context.Index(2));

    public static Value[] BatchToSpaceNd(ImportContext context) => Import(context, BuiltinOperator.BatchToSpaceNd, context.Index(1), context.Index(2));

    public static Value[] SpaceToBatch(ImportContext context) => Import(context, BuiltinOperator.SpaceToBatchNd, Square(context), context.Index(1));

    public static Value[] BatchToSpace(ImportContext context) => Import(context, BuiltinOperator.BatchToSpaceNd, Square(context), context.Index(1));

    private static Value Square(ImportContext context)
    {
        int size = (int)context.Node.Attribute("block_size", 0L);
        return new Arrangement(context).Vector("block", size, size);
    }

    private static Value[] Import(ImportContext context, BuiltinOperator code, Value blocks, Value edges)
    {
        int rank = context.Rank(0);
        if (blocks.Shape is not { IsStatic: true, Rank: 1 } shape || shape[0].Value is < 1 or > 2 || shape[0].Value >= rank)
            throw context.Refuse($"it deals blocks of the shape {blocks.Shape} out; one or two dimensions can be divided");
        int divided = shape[0].Value;
        Value input = context.Input(0);
        if (rank == divided + 2)
            return [context.Emit(code, input, blocks, edges)];

        var arrangement = new Arrangement(context);
        Extent[] all = Extent.All(input), behind = all[(divided + 1)..];
        Value merged = arrangement.Reshape(input, [.. all[..(divided + 1)], behind.Aggregate(Extent.One, (product, extent) => product * extent)]);
        Value moved = context.Emit(code, merged, blocks, edges);
        return [arrangement.Reshape(moved, [.. Enumerable.Range(0, divided + 1).Select(axis => Extent.Of(moved, axis)), .. behind])];
    }
}
