using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>
/// TRANSPOSE_CONV and CONV_3D_TRANSPOSE: TensorFlow's gradient of a convolution with respect to its input, whose shape is an operand. Neither builtin has a dilation: a
/// dilated filter is one with zeros between its taps.
/// </summary>
internal static class TransposeConv
{
    /// <summary>The filter [height, width, outputs, inputs] becomes [outputs, height, width, inputs].</summary>
    public static Value[] Import(ImportContext context)
    {
        Window window = Window.Of(context, input: 2, ignorePadding: true);
        Value filter = context.Permuted(Dilated(context, context.OfRank(1, 4), window.Dilations), 2, 0, 1, 3);
        var options = new TransposeConvOptions { Padding = window.Padding, StrideH = window.StrideH, StrideW = window.StrideW };
        Value sizes = Sizes(context, window, filter.Shape[0] is { IsKnown: true } outputs ? outputs.Value : throw context.Refuse("its filter has no known shape"));
        if (context.Node.Attribute("padding", "") != "EXPLICIT")
            return [context.Emit(BuiltinOperator.TransposeConv, options, sizes, filter, window.Input)];

        int[] widths = Window.ExplicitPaddings(context, 4);
        Value padded = new Formula(context).Add(sizes, new Arrangement(context).Vector("paddings", [.. widths.Chunk(2).Select(edge => edge[0] + edge[1])]));
        return [Cropped(context, context.Emit(BuiltinOperator.TransposeConv, options, padded, filter, window.Input), widths)];
    }

    /// <summary>The filter [depth, height, width, outputs, inputs] is TensorFlow's.</summary>
    public static Value[] Volumes(ImportContext context)
    {
        Window window = Window.Of(context, input: 2, rank: 5);
        Value filter = Dilated(context, context.OfRank(1, 5), window.Dilations);
        Value sizes = Sizes(context, window, filter.Shape[3] is { IsKnown: true } outputs ? outputs.Value : throw context.Refuse("its filter has no known shape"));
        return [context.Emit(BuiltinOperator.Conv3DTranspose, Conv3D.Options(window, [1, 1, 1]), sizes, filter, window.Input)];
    }

    /// <summary>The output's shape; where only the spatial lengths are given, the others follow.</summary>
    private static Value Sizes(ImportContext context, Window window, int outputs)
    {
        Value sizes = context.Index(0);
        int rank = window.Input.Shape.Rank;
        if (sizes.Shape is not { IsStatic: true, Rank: 1 } shape)
            throw context.Refuse("its output's shape has no known number of dimensions");
        var arrangement = new Arrangement(context);
        if (shape[0] == rank - 2)
        {
            Value batch = arrangement.Computed([Extent.Of(window.Input, 0)]);
            return arrangement.Concatenate(0, batch, sizes, arrangement.Vector("channels", outputs));
        }

        return sizes;
    }

    private static Value Dilated(ImportContext context, Value filter, int[] dilations)
    {
        if (Array.TrueForAll(dilations, dilation => dilation == 1))
            return filter;
        if (!filter.IsConstant)
            throw context.Refuse("it is dilated, and its filter is no constant");
        for (int axis = 0; axis < dilations.Length; axis++)
            filter = ConstantData.Spread(filter, axis, dilations[axis]);
        return filter;
    }

    private static Value Cropped(ImportContext context, Value output, int[] widths)
    {
        var arrangement = new Arrangement(context);
        for (int axis = 1; axis < 3; axis++)
        {
            int before = widths[2 * axis], behind = widths[2 * axis + 1];
            if (before + behind > 0)
                output = arrangement.Slice(output, axis, before, behind == 0 ? null : -behind);
        }

        return output;
    }
}
