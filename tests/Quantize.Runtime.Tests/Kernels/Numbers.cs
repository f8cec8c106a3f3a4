namespace Quantize.Runtime.Tests.Kernels;

/// <summary>Test data and how results are compared.</summary>
internal static class Numbers
{
    public static float[] Floats(Random random, int count, float limit = 1) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2 - 1) * limit)];

    public static sbyte[] Bytes(Random random, int count, int low, int high) => [.. Enumerable.Range(0, count).Select(_ => (sbyte)random.Next(low, high + 1))];

    /// <summary>How far a float is from the exact value, in units in the last place of the exact value.</summary>
    public static double UlpsApart(double exact, float actual)
    {
        if (double.IsNaN(exact) || float.IsNaN(actual))
            return double.IsNaN(exact) && float.IsNaN(actual) ? 0 : double.PositiveInfinity;
        if ((float)exact == actual)
            return 0;
        double magnitude = Math.Min(Math.Abs(exact), float.MaxValue);
        double ulp = Math.Max(Math.ScaleB(1, -149), Math.ScaleB(1, Math.ILogB(magnitude == 0 ? 1e-300 : magnitude) - 23));
        return Math.Abs(actual - exact) / ulp;
    }
}
