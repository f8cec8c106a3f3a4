using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Kernels;

/// <content>The functions of two operands.</content>
internal sealed unsafe partial class Elementwise<TIsa, TFloat>
{
    private interface IBinary
    {
        static abstract TFloat Apply(TFloat a, TFloat b);
    }

    private readonly struct AddFunction : IBinary
    {
        public static TFloat Apply(TFloat a, TFloat b) => TIsa.Add(a, b);
    }

    private readonly struct DivideFunction : IBinary
    {
        public static TFloat Apply(TFloat a, TFloat b) => TIsa.Divide(a, b);
    }

    private readonly struct MaximumFunction : IBinary
    {
        public static TFloat Apply(TFloat a, TFloat b) => TIsa.Max(a, b);
    }

    private readonly struct MinimumFunction : IBinary
    {
        public static TFloat Apply(TFloat a, TFloat b) => TIsa.Min(a, b);
    }

    private readonly struct MultiplyFunction : IBinary
    {
        public static TFloat Apply(TFloat a, TFloat b) => TIsa.Multiply(a, b);
    }

    private readonly struct PreluFunction : IBinary
    {
        public static TFloat Apply(TFloat a, TFloat b) => TIsa.SelectLess(a, TIsa.Broadcast(0), TIsa.Multiply(a, b), a);
    }

    private readonly struct SquaredDifferenceFunction : IBinary
    {
        public static TFloat Apply(TFloat a, TFloat b) => TIsa.Multiply(TIsa.Subtract(a, b), TIsa.Subtract(a, b));
    }

    private readonly struct SubtractFunction : IBinary
    {
        public static TFloat Apply(TFloat a, TFloat b) => TIsa.Subtract(a, b);
    }
}
