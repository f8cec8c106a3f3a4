using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>One tensor becomes several.</summary>
internal static class Split
{
    public static Value[] Import(ImportContext context)
    {
        int count = (int)context.Node.Attribute("num_split", 1L);
        Value axis = ConstantData.Scalar($"{context.Node.Name}/axis", context.Integer(0));
        return count == 1 ? [context.Input(1)] : context.EmitMany(BuiltinOperator.Split, new SplitOptions { NumSplits = count }, count, axis, context.Input(1));
    }

    public static Value[] BySizes(ImportContext context)
    {
        int count = (int)context.Node.Attribute("num_split", 1L);
        Value axis = ConstantData.Scalar($"{context.Node.Name}/axis", context.Integer(2));
        return context.EmitMany(BuiltinOperator.SplitV, new SplitVOptions { NumSplits = count }, count, context.Input(0), context.Index(1), axis);
    }

    public static Value[] Unpack(ImportContext context)
    {
        int count = (int)context.Node.Attribute("num", 0L);
        return context.EmitMany(BuiltinOperator.Unpack, new UnpackOptions { Num = count, Axis = (int)context.Node.Attribute("axis", 0L) }, count, context.Input(0));
    }
}
