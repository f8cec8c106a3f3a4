using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Kernels;

/// <content>The functions of one operand.</content>
internal sealed unsafe partial class Elementwise<TIsa, TFloat>
{
    private interface IUnary
    {
        static abstract TFloat Apply(TFloat x);
    }

    private readonly struct AbsFunction : IUnary
    {
        public static TFloat Apply(TFloat x) => TIsa.Abs(x);
    }

    private readonly struct CeilFunction : IUnary
    {
        public static TFloat Apply(TFloat x) => TIsa.Multiply(Transcendental<TIsa, TFloat>.Floor(TIsa.Multiply(x, TIsa.Broadcast(-1))), TIsa.Broadcast(-1));
    }

    private readonly struct EluFunction : IUnary
    {
        public static TFloat Apply(TFloat x) => TIsa.SelectLess(x, TIsa.Broadcast(0), TIsa.Subtract(Transcendental<TIsa, TFloat>.Exp(x), TIsa.Broadcast(1)), x);
    }

    private readonly struct ExpFunction : IUnary
    {
        public static TFloat Apply(TFloat x) => Transcendental<TIsa, TFloat>.Exp(x);
    }

    private readonly struct FloorFunction : IUnary
    {
        public static TFloat Apply(TFloat x) => Transcendental<TIsa, TFloat>.Floor(x);
    }

    /// <summary>x times the normal distribution's share below x.</summary>
    private readonly struct GeluErfFunction : IUnary
    {
        public static TFloat Apply(TFloat x)
        {
            TFloat erf = Transcendental<TIsa, TFloat>.Erf(TIsa.Multiply(x, TIsa.Broadcast(0.70710678f)));
            return TIsa.Multiply(TIsa.Multiply(x, TIsa.Broadcast(0.5f)), TIsa.Add(erf, TIsa.Broadcast(1)));
        }
    }

    /// <summary>The same with tanh(sqrt(2 / pi) (x + 0.044715 x^3)) for the error function.</summary>
    private readonly struct GeluTanhFunction : IUnary
    {
        public static TFloat Apply(TFloat x)
        {
            TFloat cubic = TIsa.MultiplyAdd(TIsa.Multiply(TIsa.Multiply(x, x), x), TIsa.Broadcast(0.044715f), x);
            TFloat tanh = Transcendental<TIsa, TFloat>.Tanh(TIsa.Multiply(cubic, TIsa.Broadcast(0.79788456f)));
            return TIsa.Multiply(TIsa.Multiply(x, TIsa.Broadcast(0.5f)), TIsa.Add(tanh, TIsa.Broadcast(1)));
        }
    }

    /// <summary>The product with x comes first: it overflows where TensorFlow's formula does.</summary>
    private readonly struct HardSwishFunction : IUnary
    {
        public static TFloat Apply(TFloat x)
        {
            TFloat gate = TIsa.Min(TIsa.Max(TIsa.Add(x, TIsa.Broadcast(3)), TIsa.Broadcast(0)), TIsa.Broadcast(6));
            return TIsa.Multiply(TIsa.Multiply(x, gate), TIsa.Broadcast(1f / 6));
        }
    }

    private readonly struct LogFunction : IUnary
    {
        public static TFloat Apply(TFloat x) => Transcendental<TIsa, TFloat>.Log(x);
    }

    private readonly struct LogisticFunction : IUnary
    {
        public static TFloat Apply(TFloat x) => Transcendental<TIsa, TFloat>.Logistic(x);
    }

    private readonly struct NegFunction : IUnary
    {
        public static TFloat Apply(TFloat x) => TIsa.Multiply(x, TIsa.Broadcast(-1));
    }

    private readonly struct Relu0To1Function : IUnary
    {
        public static TFloat Apply(TFloat x) => TIsa.Min(TIsa.Max(x, TIsa.Broadcast(0)), TIsa.Broadcast(1));
    }

    private readonly struct Relu6Function : IUnary
    {
        public static TFloat Apply(TFloat x) => TIsa.Min(TIsa.Max(x, TIsa.Broadcast(0)), TIsa.Broadcast(6));
    }

    private readonly struct ReluFunction : IUnary
    {
        public static TFloat Apply(TFloat x) => TIsa.Max(x, TIsa.Broadcast(0));
    }

    private readonly struct ReluN1To1Function : IUnary
    {
        public static TFloat Apply(TFloat x) => TIsa.Min(TIsa.Max(x, TIsa.Broadcast(-1)), TIsa.Broadcast(1));
    }

    private readonly struct RoundFunction : IUnary
    {
        public static TFloat Apply(TFloat x) => TIsa.Round(x);
    }

    private readonly struct RsqrtFunction : IUnary
    {
        public static TFloat Apply(TFloat x) => TIsa.Divide(TIsa.Broadcast(1), TIsa.SquareRoot(x));
    }

    private readonly struct SignFunction : IUnary
    {
        public static TFloat Apply(TFloat x) => TIsa.SelectLess(x, TIsa.Broadcast(0), TIsa.Broadcast(-1), TIsa.SelectLess(TIsa.Broadcast(0), x, TIsa.Broadcast(1), x));
    }

    private readonly struct SqrtFunction : IUnary
    {
        public static TFloat Apply(TFloat x) => TIsa.SquareRoot(x);
    }

    private readonly struct SquareFunction : IUnary
    {
        public static TFloat Apply(TFloat x) => TIsa.Multiply(x, x);
    }

    private readonly struct TanhFunction : IUnary
    {
        public static TFloat Apply(TFloat x) => Transcendental<TIsa, TFloat>.Tanh(x);
    }
}
