using Quantize.Converter.Graphs;
using Quantize.Converter.TensorFlow;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Ops;

/// <summary>BITCAST: the output tensor's type says to what.</summary>
internal static class Bitcast
{
    public static Value[] Import(ImportContext context)
    {
        Value input = context.Input(0);
        TensorType declared = context.Node.TryAttribute("T", out TfDataType _) ? context.DataType("T", TfDataType.Float32) : input.Type;
        return [context.EmitAs(context.DataType("type", TfDataType.Invalid), BuiltinOperator.Bitcast, HalfFloats.As(context, input, declared))];
    }
}
