using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Ops;

/// <summary>SLICE: begins and sizes, of which -1 takes what is left.</summary>
internal static class Slice
{
    public static Value[] Import(ImportContext context) => [context.Emit(BuiltinOperator.Slice, context.Input(0), context.Index(1), context.Index(2))];
}
