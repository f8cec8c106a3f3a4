using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>SQUEEZE of the named axes, or of every dimension that is 1.</summary>
internal static class Squeeze
{
    public static Value[] Import(ImportContext context)
    {
        var options = new SqueezeOptions { SqueezeDims = [.. context.Longs("squeeze_dims").Select(axis => (int)axis)] };
        return [context.Emit(BuiltinOperator.Squeeze, options, context.Input(0))];
    }
}
