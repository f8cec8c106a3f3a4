using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>ExtractImagePatches: each tap of the window is a strided slice of the padded image; the taps stand side by side in the channels.</summary>
internal static class ImagePatches
{
    public static Value[] Import(ImportContext context)
    {
        (int height, int width) = Window.HeightAndWidth(context, "ksizes");
        (int strideH, int strideW) = Window.HeightAndWidth(context, "strides");
        (int rateH, int rateW) = Window.HeightAndWidth(context, "rates");
        Value image = context.Input(0);
        if (image.Shape is not { HasRank: true, Rank: 4 } shape || !shape[1].IsKnown || !shape[2].IsKnown)
            throw context.Refuse("the image has open dimensions; only the batch may be open");

        (int rows, int top, int bottom) = Positions(shape[1].Value, height, strideH, rateH, context);
        (int columns, int left, int right) = Positions(shape[2].Value, width, strideW, rateW, context);
        string name = context.Node.Name;
        if (top + bottom + left + right > 0)
            image = context.Emit(BuiltinOperator.Pad, image, ConstantData.Reshaped(ConstantData.Of($"{name}/paddings", 0, 0, top, bottom, left, right, 0, 0), 4, 2));
        List<Value> taps = [];
        for (int i = 0; i < height; i++)
        {
            for (int j = 0; j < width; j++)
                taps.Add(Tap(context, image, i * rateH, j * rateW, (rows - 1) * strideH + 1, (columns - 1) * strideW + 1, strideH, strideW));
        }

        return taps is [Value only] ? [only] : [context.Emit(BuiltinOperator.Concatenation, new ConcatenationOptions { Axis = 3 }, [.. taps])];
    }

    private static Value Tap(ImportContext context, Value image, int y, int x, int spanH, int spanW, int strideH, int strideW)
    {
        string name = context.Node.Name;
        var whole = new StridedSliceOptions { BeginMask = 0b1001, EndMask = 0b1001 };
        return context.Emit(
            BuiltinOperator.StridedSlice, whole, image, ConstantData.Of($"{name}/begin", 0, y, x, 0), ConstantData.Of($"{name}/end", 0, y + spanH, x + spanW, 0),
            ConstantData.Of($"{name}/strides", 1, strideH, strideW, 1));
    }

    /// <summary>How many windows there are, and the zeros before and behind.</summary>
    private static (int Count, int Before, int Behind) Positions(int size, int window, int stride, int rate, ImportContext context)
    {
        int extent = (window - 1) * rate + 1;
        if (context.Node.Attribute("padding", "VALID") == "VALID")
            return size < extent ? throw context.Refuse("the image is smaller than the window") : ((size - extent) / stride + 1, 0, 0);
        int count = (size + stride - 1) / stride, padding = Math.Max(0, (count - 1) * stride + extent - size);
        return (count, padding / 2, padding - padding / 2);
    }
}
