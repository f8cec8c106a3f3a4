namespace Quantize.Converter.Keras.Layers;

/// <summary>How much a pixel at some distance counts; beyond the radius nothing does. Distances are between centers of pixels.</summary>
internal sealed record ResamplingKernel(double Radius, Func<double, double> At)
{
    /// <summary>TensorFlow looks the cubic weights up in a table of so many steps for a pixel.</summary>
    private const double TableSteps = 1024;

    public static double Triangle(double x) => Math.Max(0, 1 - Math.Abs(x));

    /// <summary>Keys's cubic with a = -0.5.</summary>
    public static double Cubic(double x)
    {
        const double A = -0.5;
        double d = Math.Abs(x);
        return d <= 1 ? ((A + 2) * d - (A + 3)) * d * d + 1 : d < 2 ? ((A * d - 5 * A) * d + 8 * A) * d - 4 * A : 0;
    }

    public static double Lanczos(int radius, double x)
    {
        double d = Math.PI * Math.Abs(x);
        return d >= Math.PI * radius ? 0 : d < 1e-9 ? 1 : radius * Math.Sin(d) * Math.Sin(d / radius) / (d * d);
    }

    public static double Gaussian(double x) => Math.Abs(x) >= 1.5 ? 0 : Math.Exp(-x * x / (2 * 0.5 * 0.5));

    public static double Mitchell(double x)
    {
        double d = Math.Abs(x);
        return d < 1 ? ((7 * d - 12) * d * d + 16.0 / 3) / 6 : d < 2 ? (((-7.0 / 3 * d + 12) * d - 20) * d + 32.0 / 3) / 6 : 0;
    }

    /// <summary>
    /// [to, from]. What lies outside the picture does not count, the rest is scaled up to 1. Against aliasing, the kernel is as wide as the pixels of the result.
    /// </summary>
    public double[,] Weights(int from, int to, bool antialias, bool isTabled)
    {
        var weights = new double[to, from];
        double scale = (double)from / to, width = antialias ? Math.Max(1, scale) : 1;
        for (int i = 0; i < to; i++)
        {
            double center = (i + 0.5) * scale - 0.5, place = isTabled ? Math.Floor(center) + Math.Round((center - Math.Floor(center)) * TableSteps) / TableSteps : center;
            int first = Math.Max(0, (int)Math.Floor(center - Radius * width)), last = Math.Min(from - 1, (int)Math.Ceiling(center + Radius * width));
            double sum = 0;
            for (int j = first; j <= last; j++)
                sum += weights[i, j] = At((j - place) / width);
            for (int j = first; j <= last && sum != 0; j++)
                weights[i, j] /= sum;
        }

        return weights;
    }

    /// <summary>[to, from]: means over the area that a pixel of the result covers.</summary>
    public static double[,] Areas(int from, int to)
    {
        var weights = new double[to, from];
        double scale = (double)from / to;
        for (int i = 0; i < to; i++)
        {
            double begin = i * scale, end = Math.Min(from, (i + 1) * scale);
            for (int j = (int)begin; j < from && j < end; j++)
                weights[i, j] = (Math.Min(end, j + 1) - Math.Max(begin, j)) / (end - begin);
        }

        return weights;
    }
}
