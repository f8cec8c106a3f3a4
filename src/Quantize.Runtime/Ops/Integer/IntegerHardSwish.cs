using System.Numerics;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>HARD_SWISH of 8-bit codes: the arithmetic of TFLite's kernel in 16 bits, done once for each code.</summary>
internal static class IntegerHardSwish
{
    /// <summary>Codes get 7 more bits of headroom.</summary>
    private const int Headroom = 7;

    /// <summary>What the ramp from 0 at -3 to 1 at 3 is measured in.</summary>
    private const float RampScale = 3f / 32768;

    public static Step Prepare(PrepareContext context) => context.Input(0).Type == TensorType.Int8 ? Step<sbyte>(context) : Step<byte>(context);

    private static CodeTableStep<T, T> Step<T>(PrepareContext context)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        TensorScale from = TensorScale.Of(context.Input(0), context), to = TensorScale.Of(context.Output(0), context);
        float fine = from.Scale / (1 << Headroom);
        FixedPointMultiplier output = FixedPointMultiplier.Of(fine / to.Scale), ramp = FixedPointMultiplier.Of(fine / RampScale);
        int lowest = int.CreateTruncating(T.MinValue);
        T[] table = [.. Enumerable.Range(lowest, 256).Select(code => T.CreateSaturating(Value((short)((code - from.ZeroPoint) << Headroom), output, ramp) + to.ZeroPoint))];
        return new(context.Input(0), context.Output(0), table, "hardswish");
    }

    private static int Value(short x, FixedPointMultiplier output, FixedPointMultiplier ramp)
    {
        short scaled = RoundedHighProduct(x, Narrow(output.Mantissa));
        int position = x;
        if (ramp.Shift > 0)
            position = Saturated((long)position << (ramp.Shift - 1));
        position = RoundedHighProduct((short)position, Narrow(ramp.Mantissa));
        position = ramp.Shift > 0 ? Saturated((long)position << 1) : FixedPointMultiplier.RoundingShift(position, Math.Min(31, -ramp.Shift));
        short rise = (short)((position + (1 << 15)) >> 1);
        short product = rise == short.MinValue && scaled == short.MinValue ? short.MaxValue : (short)(rise * scaled / (1 << 15));
        return output.Shift > 0 ? Saturated((long)product << output.Shift) : FixedPointMultiplier.RoundingShift(product, Math.Min(31, -output.Shift));
    }

    private static short Narrow(int mantissa) => mantissa >= int.MaxValue - (1 << 15) ? short.MaxValue : (short)((mantissa + (1 << 15)) >> 16);

    private static short RoundedHighProduct(short a, short b)
    {
        int product = a * b;
        return (short)((product + (product >= 0 ? 1 << 14 : 1 - (1 << 14))) / (1 << 15));
    }

    private static short Saturated(long value) => (short)Math.Clamp(value, short.MinValue, short.MaxValue);
}
