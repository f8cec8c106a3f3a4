using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>RESHAPE; a computed shape becomes a constant one later, where all but one of its dimensions are known.</summary>
internal static class Reshape
{
    public static Value[] Import(ImportContext context) => [context.Emit(BuiltinOperator.Reshape, new ReshapeOptions(), context.Input(0), context.Index(1))];
}
