using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>PACK along a new axis.</summary>
internal static class Pack
{
    public static Value[] Import(ImportContext context)
    {
        var options = new PackOptions { ValuesCount = context.InputCount, Axis = (int)context.Node.Attribute("axis", 0L) };
        return [context.Emit(BuiltinOperator.Pack, options, [.. context.Inputs])];
    }
}
