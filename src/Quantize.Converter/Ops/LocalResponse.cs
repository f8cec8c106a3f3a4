using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>LOCAL_RESPONSE_NORMALIZATION over channels.</summary>
internal static class LocalResponse
{
    public static Value[] Import(ImportContext context)
    {
        var options = new LocalResponseNormalizationOptions
        {
            Radius = (int)context.Node.Attribute("depth_radius", 5L),
            Bias = context.Node.Attribute("bias", 1f),
            Alpha = context.Node.Attribute("alpha", 1f),
            Beta = context.Node.Attribute("beta", 0.5f),
        };
        return [context.Emit(BuiltinOperator.LocalResponseNormalization, options, context.Input(0))];
    }
}
