using System.Numerics;

namespace Quantize.Runtime.Kernels;

/// <summary>What integers of every width do alike: results wrap, quotients are cut towards zero or towards negative infinity.</summary>
internal static class IntegerArithmetic<T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static T Quotient(T x, T y, string tensor)
    {
        if (T.IsZero(y))
            throw new DivideByZeroException($"'{tensor}' divides an integer by zero");
        bool negates = T.IsNegative(y) && T.IsZero(unchecked(y + T.One));
        return negates ? unchecked(T.Zero - x) : x / y;
    }

    public static T FloorQuotient(T x, T y, string tensor)
    {
        T quotient = Quotient(x, y, tensor);
        return LeavesOtherSign(x, y, quotient) ? quotient - T.One : quotient;
    }

    /// <summary>The remainder with the divisor's sign.</summary>
    public static T FloorRemainder(T x, T y, string tensor)
    {
        T quotient = Quotient(x, y, tensor), remainder = unchecked(x - quotient * y);
        return LeavesOtherSign(x, y, quotient) ? unchecked(remainder + y) : remainder;
    }

    public static T Power(T x, T exponent)
    {
        T result = T.One;
        for (T rest = exponent; rest > T.Zero; rest >>= 1)
        {
            if ((rest & T.One) == T.One)
                result = unchecked(result * x);
            x = unchecked(x * x);
        }

        return result;
    }

    private static bool LeavesOtherSign(T x, T y, T quotient) => T.IsNegative(x) != T.IsNegative(y) && unchecked(quotient * y) != x;
}
