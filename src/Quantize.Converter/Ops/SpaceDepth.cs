using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>SPACE_TO_DEPTH and DEPTH_TO_SPACE.</summary>
internal static class SpaceDepth
{
    public static Value[] SpaceToDepth(ImportContext context) => Import(context, BuiltinOperator.SpaceToDepth, new SpaceToDepthOptions { BlockSize = BlockSize(context) });

    public static Value[] DepthToSpace(ImportContext context) => Import(context, BuiltinOperator.DepthToSpace, new DepthToSpaceOptions { BlockSize = BlockSize(context) });

    private static int BlockSize(ImportContext context) => (int)Math.Clamp(context.Node.Attribute("block_size", 0L), 0, short.MaxValue);

    private static Value[] Import(ImportContext context, BuiltinOperator code, OperatorOptions options) =>
        [context.Emit(code, options, context.OfRank(0, 4))];
}
