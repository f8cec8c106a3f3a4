using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Ops;

/// <summary>TRANSPOSE by a constant permutation.</summary>
internal static class Transpose
{
    public static Value[] Import(ImportContext context)
    {
        context.Integers(1);
        return [context.Emit(BuiltinOperator.Transpose, context.Input(0), context.Index(1))];
    }
}
