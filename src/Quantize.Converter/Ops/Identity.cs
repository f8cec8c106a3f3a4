using Quantize.Converter.Graphs;

namespace Quantize.Converter.Ops;

/// <summary>Operations that hand their input on when a model is only run.</summary>
internal static class Identity
{
    public static Value[] Import(ImportContext context) => [context.Input(0)];

    public static Value[] All(ImportContext context) => [.. context.Inputs];
}
