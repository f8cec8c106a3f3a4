using Quantize.Converter.Graphs;
using Quantize.Converter.TensorFlow;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Ops;

/// <summary>BITCAST: the output tensor's type says to what.</summary>
internal static class Bitcast
{
    public static Value[] Import(ImportContext context) => [context.EmitAs(context.DataType("type", TfDataType.Invalid), BuiltinOperator.Bitcast, context.Input(0))];
}
