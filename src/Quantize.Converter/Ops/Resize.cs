using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>RESIZE_BILINEAR, whose result is float whatever comes in, and RESIZE_NEAREST_NEIGHBOR, which copies.</summary>
internal static class Resize
{
    public static Value[] Bilinear(ImportContext context)
    {
        var options = new ResizeBilinearOptions { AlignCorners = AlignCorners(context), HalfPixelCenters = HalfPixelCenters(context) };
        Value input = new Formula(context).Cast(context.OfRank(0, 4), TensorType.Float32);
        return [context.Emit(BuiltinOperator.ResizeBilinear, options, input, context.Index(1))];
    }

    public static Value[] NearestNeighbor(ImportContext context)
    {
        var options = new ResizeNearestNeighborOptions { AlignCorners = AlignCorners(context), HalfPixelCenters = HalfPixelCenters(context) };
        return [context.Emit(BuiltinOperator.ResizeNearestNeighbor, options, context.OfRank(0, 4), context.Index(1))];
    }

    private static bool AlignCorners(ImportContext context) => context.Node.Attribute("align_corners", false);

    private static bool HalfPixelCenters(ImportContext context) => context.Node.Attribute("half_pixel_centers", false);
}
