using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>Ways to resize that have no builtin: each dimension is multiplied by a constant matrix of weights.</summary>
internal static class Resampling
{
    /// <summary>TensorFlow looks the cubic's values up in a table of so many steps.</summary>
    private const int CubicSteps = 1024;

    private delegate float[] Weights(int from, int to, bool alignCorners, bool halfPixelCenters);

    public static Value[] Bicubic(ImportContext context) => Import(context, Cubic);

    public static Value[] Area(ImportContext context) => Import(context, Shares);

    private static Value[] Import(ImportContext context, Weights weights)
    {
        Value image = new Formula(context).Cast(context.OfRank(0, 4), TensorType.Float32);
        if (!image.Shape[1].IsKnown || !image.Shape[2].IsKnown || context.Integers(1) is not [> 0 and int height, > 0 and int width])
            throw context.Refuse($"it resizes {image.Shape}; its sizes must be known");
        var arrangement = new Arrangement(context);
        Extent[] shape = Extent.All(image);
        Value wide = Product(context, "columns", weights, image, image.Shape[2].Value, width);
        Value rows = arrangement.Reshape(wide, shape[0], shape[1], shape[3] * width);
        Value resized = Product(context, "rows", weights, rows, image.Shape[1].Value, height);
        return [arrangement.Reshape(resized, shape[0], height, width, shape[3])];
    }

    /// <summary>The matrix [to, from] times the last two dimensions.</summary>
    private static Value Product(ImportContext context, string name, Weights weights, Value value, int from, int to)
    {
        bool alignCorners = context.Node.Attribute("align_corners", false), halfPixelCenters = context.Node.Attribute("half_pixel_centers", false);
        Value matrix = ConstantData.Of($"{context.Node.Name}/{name}", [to, from], weights(from, to, alignCorners, halfPixelCenters));
        return context.Emit(BuiltinOperator.BatchMatmul, new BatchMatMulOptions(), matrix, value);
    }

    /// <summary>With centers of pixels, Keys' cubic (a = -0.5) over what lies inside; without, a = -0.75 and the edge repeated.</summary>
    private static float[] Cubic(int from, int to, bool alignCorners, bool halfPixelCenters)
    {
        var matrix = new float[checked(to * from)];
        float scale = Scale(from, to, alignCorners), a = halfPixelCenters ? -0.5f : -0.75f;
        for (int i = 0; i < to; i++)
        {
            float place = halfPixelCenters ? (i + 0.5f) * scale - 0.5f : i * scale;
            int first = (int)MathF.Floor(place);
            float step = MathF.Round((place - first) * CubicSteps) / CubicSteps, sum = 0;
            Span<float> row = matrix.AsSpan(i * from, from);
            for (int tap = -1; tap <= 2; tap++)
            {
                float weight = Cubic(MathF.Abs(tap - step), a);
                bool isInside = first + tap >= 0 && first + tap < from;
                if (halfPixelCenters && !isInside)
                    continue;
                row[Math.Clamp(first + tap, 0, from - 1)] += weight;
                sum += weight;
            }

            foreach (ref float weight in row)
                weight = halfPixelCenters ? weight / sum : weight;
        }

        return matrix;
    }

    private static float Cubic(float x, float a) => x <= 1
        ? ((a + 2) * x - (a + 3)) * x * x + 1
        : ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;

    /// <summary>How much of each pixel lies under the new one.</summary>
    private static float[] Shares(int from, int to, bool alignCorners, bool halfPixelCenters)
    {
        var matrix = new float[checked(to * from)];
        float scale = Scale(from, to, alignCorners);
        for (int i = 0; i < to; i++)
        {
            float begin = i * scale, end = (i + 1) * scale;
            for (int pixel = (int)MathF.Floor(begin); pixel < end; pixel++)
                matrix[i * from + Math.Min(pixel, from - 1)] += (MathF.Min(pixel + 1, end) - MathF.Max(pixel, begin)) / scale;
        }

        return matrix;
    }

    private static float Scale(int from, int to, bool alignCorners) => alignCorners && to > 1 ? (from - 1) / (float)(to - 1) : from / (float)to;
}
