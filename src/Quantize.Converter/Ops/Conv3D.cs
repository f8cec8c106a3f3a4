using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>CONV_3D over [batch, depth, height, width, channels]; the filter's order is TensorFlow's.</summary>
internal static class Conv3D
{
    public static Value[] Import(ImportContext context)
    {
        if (context.Node.Attribute("data_format", "NDHWC") != "NDHWC")
            throw context.Refuse("data_format NCDHW; export the model with channels last (NDHWC)");
        long[] strides = Volume(context, "strides"), dilations = Volume(context, "dilations");
        var options = new Conv3DOptions
        {
            Padding = context.Node.Attribute("padding", "VALID") == "SAME" ? Padding.Same : Padding.Valid,
            StrideD = (int)strides[1],
            StrideH = (int)strides[2],
            StrideW = (int)strides[3],
            DilationD = (int)dilations[1],
            DilationH = (int)dilations[2],
            DilationW = (int)dilations[3],
        };
        return [context.Emit(BuiltinOperator.Conv3D, options, context.Input(0), context.Weights(1, 0, 1, 2, 3, 4))];
    }

    private static long[] Volume(ImportContext context, string attribute)
    {
        long[] numbers = context.Longs(attribute);
        if (numbers.Length == 0)
            return [1, 1, 1, 1, 1];
        return numbers is [1, > 0, > 0, > 0, 1] ? numbers : throw context.Refuse($"{attribute} [{string.Join(',', numbers)}] reach beyond the volume");
    }
}
