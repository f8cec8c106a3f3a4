using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Ops;

/// <summary>PAD with zeros.</summary>
internal static class Pad
{
    public static Value[] Import(ImportContext context)
    {
        context.Integers(1);
        return [context.Emit(BuiltinOperator.Pad, context.Input(0), context.Index(1))];
    }
}
