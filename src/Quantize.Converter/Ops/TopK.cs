using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Ops;

/// <summary>TOPK_V2: values and positions.</summary>
internal static class TopK
{
    public static Value[] Import(ImportContext context) => context.EmitMany(BuiltinOperator.TopkV2, new NoOptions(OptionsType.TopKV2Options), 2, context.Input(0), context.Index(1));
}
