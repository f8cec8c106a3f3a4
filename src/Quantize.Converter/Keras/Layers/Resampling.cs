using Quantize.Converter.Graphs;

namespace Quantize.Converter.Keras.Layers;

/// <summary>
/// Pictures [batch, height, width, channels] in another size by TensorFlow's methods: nearest and bilinear by builtins, every other one as two products with
/// constant matrices of weights.
/// </summary>
internal static class Resampling
{
    private static readonly Dictionary<string, ResamplingKernel> s_kernels = new(StringComparer.Ordinal)
    {
        ["bilinear"] = new(1, ResamplingKernel.Triangle),
        ["bicubic"] = new(2, ResamplingKernel.Cubic),
        ["lanczos3"] = new(3, x => ResamplingKernel.Lanczos(3, x)),
        ["lanczos5"] = new(5, x => ResamplingKernel.Lanczos(5, x)),
        ["gaussian"] = new(1.5, ResamplingKernel.Gaussian),
        ["mitchellcubic"] = new(2, ResamplingKernel.Mitchell),
    };

    public static Value Resize(LayerContext context, Value x, int height, int width, string method, bool antialias)
    {
        (string Name, object Value)[] pixels = [("half_pixel_centers", true)];
        Value size = context.Arrange.Vector("size", height, width);
        if (method == "nearest")
            return context.Call("ResizeNearestNeighbor", [x, size], pixels);
        if (method == "bilinear" && !antialias)
            return context.Call("ResizeBilinear", [x, size], pixels);
        int fromHeight = context.Length(x, 1), fromWidth = context.Length(x, 2);
        Value rows = Matrix(context, "rows", fromHeight, height, method, antialias), columns = Matrix(context, "columns", fromWidth, width, method, antialias);
        Value wide = context.Call("Einsum", [x, columns], ("equation", "nhwc,vw->nhvc"));
        return context.Call("Einsum", [wide, rows], ("equation", "nhvc,uh->nuvc"));
    }

    /// <summary>[to, from]: what each pixel of the result takes of those of the input.</summary>
    private static Value Matrix(LayerContext context, string name, int from, int to, string method, bool antialias)
    {
        double[,] weights = method == "area" ? ResamplingKernel.Areas(from, to)
            : s_kernels.TryGetValue(method, out ResamplingKernel? kernel) ? kernel.Weights(from, to, antialias, isTabled: method == "bicubic" && !antialias)
            : throw context.Refuse($"the interpolation '{method}'");
        var floats = new float[checked(to * from)];
        for (int i = 0; i < floats.Length; i++)
            floats[i] = (float)weights[i / from, i % from];
        return ConstantData.Of($"{context.Name}/{name}", [to, from], floats);
    }
}
