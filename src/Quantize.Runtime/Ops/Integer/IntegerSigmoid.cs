using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>
/// LOGISTIC and TANH of 16-bit codes: one table of 256 values of 1 / (1 + e^-x) at steps of 1/24, and straight lines between them; tanh x = 2 / (1 + e^-2x) - 1.
/// </summary>
internal static class IntegerSigmoid
{
    private const int InputIntegerBits = 3;

    /// <summary>Where TFLite's table has one more than the nearest integer.</summary>
    private static readonly byte[] s_oneMore =
    [
        4, 8, 12, 14, 15, 16, 17, 19, 20, 21, 22, 25, 27, 28, 29, 30, 31, 33, 34, 35, 37, 39, 40, 41, 43, 44, 45, 46, 49, 50, 54, 62, 63, 64, 66, 82, 86, 93, 100, 103, 112, 116, 135, 255,
    ];

    private static readonly ushort[] s_table = Table();

    public static Step Logistic(PrepareContext context)
    {
        (int factor, int shift) = InputFactor(context);
        return new MapStep<short, short>(context.Input(0), context.Output(0), "logistic Int16, table", code => Logistic(Scaled(code, factor, shift)));
    }

    public static Step Tanh(PrepareContext context)
    {
        (int factor, int shift) = InputFactor(context);
        return new MapStep<short, short>(context.Input(0), context.Output(0), "tanh Int16, table", code => Tanh(Scaled(code, factor, shift)));
    }

    private static ushort[] Table()
    {
        var table = new ushort[256];
        for (int i = 0; i < table.Length; i++)
            table[i] = (ushort)Math.Round(65536 / (1 + Math.Exp(-i / 24.0)), MidpointRounding.AwayFromZero);
        foreach (byte i in s_oneMore)
            table[i]++;
        return table;
    }

    /// <summary>What brings codes to steps of 1 / (3 * 4096): 3 where the scale is 2^-12 or 2^-11, else as many bits as 16-bit factors have.</summary>
    private static (int Factor, int Shift) InputFactor(PrepareContext context)
    {
        float scale = TensorScale.Of(context.Input(0), context).Scale;
        int exponent = Math.ILogB(scale), left = 15 - InputIntegerBits + exponent;
        if (scale == Math.ScaleB(1, exponent) && left is 0 or 1)
            return (3 << left, 0);
        double factor = scale * 4096.0 * 3.0;
        int shift = 0;
        for (; factor <= 32767.0 / 2 && shift <= 30; shift++)
            factor *= 2;
        return ((short)factor, shift);
    }

    private static int Scaled(short code, int factor, int shift) => unchecked((code * factor + (shift > 0 ? 1 << (shift - 1) : 0)) >> shift);

    private static short Logistic(int x)
    {
        uint magnitude = (uint)Math.Abs((long)x), at = magnitude >> 9, fraction = magnitude & 0x1FF;
        uint value = at >= 255 ? 0x7FFFu << 10 : ((uint)s_table[at] << 9) + fraction * (uint)(s_table[at + 1] - s_table[at]);
        value = x >= 0 ? value + (1 << 9) : (1u << 25) - value + (1 << 9) - 1;
        return (short)(value >> 10);
    }

    private static short Tanh(int x)
    {
        uint magnitude = (uint)Math.Abs((long)x), at = magnitude >> 8;
        int fraction = (int)(magnitude & 0xFF);
        int value = at >= 255 ? 0xFFFF << 8 : (s_table[at] << 8) + fraction * (s_table[at + 1] - s_table[at]);
        value = x >= 0 ? value - (1 << 23) + (1 << 7) : -value + (1 << 23) + (1 << 7) - 1;
        return (short)(value >> 8);
    }
}
