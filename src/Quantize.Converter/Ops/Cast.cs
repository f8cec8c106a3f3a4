using Quantize.Converter.Graphs;
using Quantize.Converter.TensorFlow;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>CAST; one to the type the input has already vanishes.</summary>
internal static class Cast
{
    public static Value[] Import(ImportContext context)
    {
        Value input = context.Input(0);
        TensorType type = context.DataType("DstT", TfDataType.Float32);
        return [type == input.Type ? input : context.Emit(BuiltinOperator.Cast, new CastOptions { InDataType = input.Type, OutDataType = type }, input)];
    }
}
