using Quantize.Converter.Graphs;
using Quantize.Converter.TensorFlow;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Ops;

/// <summary>A tensor of the model itself.</summary>
internal static class Constant
{
    public static Value[] Import(ImportContext context)
    {
        if (!context.Node.TryAttribute("value", out TfTensor? tensor))
            throw context.Refuse("it has no value");
        if (!TensorTypeMap.TryMap(tensor.Type, out TensorType type) || type.Bits() == 0)
            throw context.Refuse($"constants of {tensor.Type} are not supported");
        return [Value.Constant(context.Node.Name, type, tensor.Shape, () => tensor.Bytes)];
    }
}
