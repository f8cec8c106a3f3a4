using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>PAD with zeros, PADV2 with a value, MIRROR_PAD with what lies inside.</summary>
internal static class Pad
{
    public static Value[] Import(ImportContext context)
    {
        context.Integers(1);
        return [context.Emit(BuiltinOperator.Pad, context.Input(0), context.Index(1))];
    }

    public static Value[] WithValue(ImportContext context)
    {
        context.Integers(1);
        return [context.Emit(BuiltinOperator.Padv2, context.Input(0), context.Index(1), context.Input(2))];
    }

    public static Value[] Mirror(ImportContext context)
    {
        context.Integers(1);
        MirrorPadMode mode = context.Node.Attribute("mode", "REFLECT") == "SYMMETRIC" ? MirrorPadMode.Symmetric : MirrorPadMode.Reflect;
        return [context.Emit(BuiltinOperator.MirrorPad, new MirrorPadOptions { Mode = mode }, context.Input(0), context.Index(1))];
    }
}
