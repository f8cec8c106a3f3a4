using System.Numerics;

namespace Quantize.Runtime.Kernels;

/// <summary>
/// A real function over codes: of 8 bits a table of all of them, of 16 bits 513 samples, bent so that the straight lines between them err least in their middles.
/// The function itself is computed by the scalar kernels, so that a table is the same on every machine.
/// </summary>
internal static class CodeTable
{
    private const int Steps = 512;

    /// <summary>The output's code of each input code, the lowest first.</summary>
    public static T[] Of8Bits<T>(float inputScale, int inputZeroPoint, float outputScale, int outputZeroPoint, Action<float[]> function)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        int lowest = int.CreateTruncating(T.MinValue);
        float[] values = [.. Enumerable.Range(lowest, 256).Select(code => inputScale * (code - inputZeroPoint))];
        function(values);
        float inverse = 1 / outputScale;
        return [.. values.Select(value => float.IsNaN(value) ? T.MinValue : T.CreateSaturating(Rounded(value * inverse) + outputZeroPoint))];
    }

    public static short[] Of16Bits(float inputScale, int inputZeroPoint, float outputScale, int outputZeroPoint, Action<float[]> function)
    {
        float first = inputScale * (short.MinValue - inputZeroPoint), last = inputScale * (short.MaxValue - inputZeroPoint);
        float lowest = outputScale * (short.MinValue - outputZeroPoint), greatest = outputScale * (short.MaxValue - outputZeroPoint);
        float step = (last - first) / Steps, half = step / 2, inverse = 65536 / (greatest - lowest);
        float[] samples = new float[Steps + 1], middles = new float[Steps];
        for (int i = 0; i < Steps; i++)
            (samples[i], middles[i]) = (first + i * step, first + i * step + half);
        samples[Steps] = first + Steps * step;
        function(samples);
        function(middles);
        var table = new short[Steps + 1];
        for (int i = 0; i < Steps; i++)
        {
            float here = Rounded(samples[i] * inverse);
            float between = Rounded((samples[i + 1] * inverse + here) / 2);
            float bend = Rounded((between - Rounded(middles[i] * inverse)) / 2);
            table[i] = float.IsNaN(here - bend) ? short.MinValue : short.CreateSaturating(here - bend);
        }

        float[] end = [last];
        function(end);
        table[Steps] = short.CreateSaturating(Rounded(end[0] * inverse));
        return table;
    }

    /// <summary>The value between two samples.</summary>
    public static short Interpolate(ReadOnlySpan<short> table, short code)
    {
        int at = 256 + (code >> 7), offset = code & 0x7F;
        int here = table[at], slope = table[at + 1] - here;
        return (short)(here + ((slope * offset + 64) >> 7));
    }

    private static float Rounded(float value) => MathF.Round(value, MidpointRounding.AwayFromZero);
}
