using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>PAD with zeros, PADV2 with a given number, MIRROR_PAD with what lies inside.</summary>
internal static class Pad
{
    public static Value[] Import(ImportContext context) => [context.Emit(BuiltinOperator.Pad, context.Input(0), context.Index(1))];

    public static Value[] WithNumber(ImportContext context) => [context.Emit(BuiltinOperator.Padv2, context.Input(0), context.Index(1), context.Input(2))];

    public static Value[] Mirror(ImportContext context)
    {
        string mode = context.Node.Attribute("mode", "");
        if (mode is not ("REFLECT" or "SYMMETRIC"))
            throw context.Refuse($"mode {mode}");
        var options = new MirrorPadOptions { Mode = mode == "REFLECT" ? MirrorPadMode.Reflect : MirrorPadMode.Symmetric };
        return [context.Emit(BuiltinOperator.MirrorPad, options, context.Input(0), context.Index(1))];
    }
}
