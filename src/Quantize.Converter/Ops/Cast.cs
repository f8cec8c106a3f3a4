using Quantize.Converter.Graphs;
using Quantize.Converter.TensorFlow;
using Quantize.Runtime;

namespace Quantize.Converter.Ops;

/// <summary>CAST; one to the type the input has already vanishes. bfloat16 is reached through float32.</summary>
internal static class Cast
{
    public static Value[] Import(ImportContext context)
    {
        var formula = new Formula(context);
        Value input = context.Input(0);
        TensorType type = context.DataType("DstT", TfDataType.Float32);
        bool isIndirect = (input.Type == TensorType.BFloat16) != (type == TensorType.BFloat16);
        return [formula.Cast(isIndirect ? formula.Cast(input, TensorType.Float32) : input, type)];
    }
}
