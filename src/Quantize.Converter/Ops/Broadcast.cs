using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Ops;

/// <summary>TILE, BROADCAST_TO and BROADCAST_ARGS.</summary>
internal static class Broadcast
{
    public static Value[] Tile(ImportContext context) => [context.Emit(BuiltinOperator.Tile, context.Input(0), context.Index(1))];

    public static Value[] To(ImportContext context) => [context.Emit(BuiltinOperator.BroadcastTo, context.Input(0), context.Index(1))];

    public static Value[] Args(ImportContext context) => [context.Emit(BuiltinOperator.BroadcastArgs, context.Input(0), context.Input(1))];
}
