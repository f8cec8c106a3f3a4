using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>CONV_3D: the filter [depth, height, width, inputs, outputs] is TensorFlow's.</summary>
internal static class Conv3D
{
    public static Value[] Import(ImportContext context)
    {
        Window window = Window.Of(context, rank: 5);
        return [context.Emit(BuiltinOperator.Conv3D, Options(window, window.Dilations), window.Input, context.OfRank(1, 5))];
    }

    public static Conv3DOptions Options(Window window, int[] dilations) => new()
    {
        Padding = window.Padding,
        StrideD = window.Strides[0],
        StrideH = window.Strides[1],
        StrideW = window.Strides[2],
        DilationD = dilations[0],
        DilationH = dilations[1],
        DilationW = dilations[2],
    };
}
