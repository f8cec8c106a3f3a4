using Quantize.Converter.Graphs;
using Quantize.Converter.TensorFlow;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Ops;

/// <summary>TOPK_V2: the greatest elements of the last dimension and their positions.</summary>
internal static class TopK
{
    public static Value[] Import(ImportContext context)
    {
        Value k = context.Input(1).Type == TensorType.Int16 ? new Formula(context).Cast(context.Input(1), TensorType.Int32) : context.Index(1);
        return Import(context, context.Input(0), k);
    }

    /// <summary>The first form: the number is an attribute.</summary>
    public static Value[] FixedNumber(ImportContext context) => Import(context, context.Input(0), Number(context, context.Node.Attribute("k", 0L)));

    private static Value[] Import(ImportContext context, Value input, Value k)
    {
        Value[] results = context.EmitMany(BuiltinOperator.TopkV2, new NoOptions(OptionsType.TopKV2Options), 2, input, k);
        return [results[0], new Formula(context).Cast(results[1], context.DataType("index_type", TfDataType.Int32))];
    }

    private static Value Number(ImportContext context, long number) => ConstantData.Scalar($"{context.Node.Name}/k", checked((int)number));
}
