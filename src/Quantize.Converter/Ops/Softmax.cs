using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>SOFTMAX along the last axis.</summary>
internal static class Softmax
{
    public static Value[] Import(ImportContext context) => [context.Emit(BuiltinOperator.Softmax, new SoftmaxOptions { Beta = 1 }, context.Input(0))];
}
