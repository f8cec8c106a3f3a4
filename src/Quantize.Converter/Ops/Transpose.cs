using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Ops;

/// <summary>TRANSPOSE by a constant permutation.</summary>
internal static class Transpose
{
    public static Value[] Import(ImportContext context)
    {
        int[] permutation = context.Integers(1);
        return Array.Exists(permutation, axis => axis < 0)
            ? throw context.Refuse($"it permutes by [{string.Join(',', permutation)}]; axes are counted from 0")
            : [context.Emit(BuiltinOperator.Transpose, context.Input(0), context.Index(1))];
    }
}
