using System.Runtime.CompilerServices;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Kernels;

/// <summary>One float function of one operand.</summary>
internal enum UnaryFunction
{
    Abs,
    Exp,
    Logistic,
    Neg,
    Relu,
    Relu6,
    ReluN1To1,
    Rsqrt,
    Sqrt,
    Square,
    Tanh,
}

/// <summary>One float function of two operands.</summary>
internal enum BinaryFunction
{
    Add,
    Divide,
    Maximum,
    Minimum,
    Multiply,
    Subtract,
}

/// <summary>Float functions element by element.</summary>
internal abstract class Elementwise
{
    /// <summary>target[i] = f(source[i]).</summary>
    public abstract void Unary(UnaryFunction function, ReadOnlySpan<float> source, Span<float> target);

    /// <summary>target[i] = clamp(f(a[i], b[i])); an operand of one element is that element for all i.</summary>
    public abstract void Binary(BinaryFunction function, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> target, float minimum, float maximum);
}

/// <summary>Whole vectors in place; the rest through one vector's worth of stack memory, so that each lane computes the same thing.</summary>
internal sealed unsafe class Elementwise<TIsa, TFloat> : Elementwise
    where TIsa : struct, IFloatIsa<TFloat>
    where TFloat : unmanaged
{
    public override void Unary(UnaryFunction function, ReadOnlySpan<float> source, Span<float> target)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.Length, target.Length);
        switch (function)
        {
            case UnaryFunction.Abs: Map<AbsFunction>(source, target); break;
            case UnaryFunction.Exp: Map<ExpFunction>(source, target); break;
            case UnaryFunction.Logistic: Map<LogisticFunction>(source, target); break;
            case UnaryFunction.Neg: Map<NegFunction>(source, target); break;
            case UnaryFunction.Relu: Map<ReluFunction>(source, target); break;
            case UnaryFunction.Relu6: Map<Relu6Function>(source, target); break;
            case UnaryFunction.ReluN1To1: Map<ReluN1To1Function>(source, target); break;
            case UnaryFunction.Rsqrt: Map<RsqrtFunction>(source, target); break;
            case UnaryFunction.Sqrt: Map<SqrtFunction>(source, target); break;
            case UnaryFunction.Square: Map<SquareFunction>(source, target); break;
            case UnaryFunction.Tanh: Map<TanhFunction>(source, target); break;
            default: throw new ArgumentOutOfRangeException(nameof(function));
        }
    }

    public override void Binary(BinaryFunction function, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> target, float minimum, float maximum)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(a.Length == 1 || a.Length == target.Length, true);
        ArgumentOutOfRangeException.ThrowIfNotEqual(b.Length == 1 || b.Length == target.Length, true);
        switch (function)
        {
            case BinaryFunction.Add: Zip<AddFunction>(a, b, target, minimum, maximum); break;
            case BinaryFunction.Divide: Zip<DivideFunction>(a, b, target, minimum, maximum); break;
            case BinaryFunction.Maximum: Zip<MaximumFunction>(a, b, target, minimum, maximum); break;
            case BinaryFunction.Minimum: Zip<MinimumFunction>(a, b, target, minimum, maximum); break;
            case BinaryFunction.Multiply: Zip<MultiplyFunction>(a, b, target, minimum, maximum); break;
            case BinaryFunction.Subtract: Zip<SubtractFunction>(a, b, target, minimum, maximum); break;
            default: throw new ArgumentOutOfRangeException(nameof(function));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Map<TFunction>(ReadOnlySpan<float> source, Span<float> target)
        where TFunction : struct, IUnary
    {
        int lanes = TIsa.Lanes;
        float* rest = stackalloc float[lanes];
        fixed (float* from = source, to = target)
        {
            nint i = 0;
            for (; i <= source.Length - lanes; i += lanes)
                TIsa.Store(to + i, TFunction.Apply(TIsa.Load(from + i)));
            if (i == source.Length)
                return;
            source[(int)i..].CopyTo(new Span<float>(rest, lanes));
            TIsa.Store(rest, TFunction.Apply(TIsa.Load(rest)));
            new ReadOnlySpan<float>(rest, source.Length - (int)i).CopyTo(target[(int)i..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Zip<TFunction>(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> target, float minimum, float maximum)
        where TFunction : struct, IBinary
    {
        int lanes = TIsa.Lanes;
        TFloat low = TIsa.Broadcast(minimum), high = TIsa.Broadcast(maximum);
        float* rest = stackalloc float[2 * lanes];
        fixed (float* pa = a, pb = b, to = target)
        {
            bool oneA = a.Length == 1, oneB = b.Length == 1;
            TFloat firstA = TIsa.Broadcast(pa[0]), firstB = TIsa.Broadcast(pb[0]);
            nint i = 0;
            for (; i <= target.Length - lanes; i += lanes)
            {
                TFloat x = oneA ? firstA : TIsa.Load(pa + i), y = oneB ? firstB : TIsa.Load(pb + i);
                TIsa.Store(to + i, TIsa.Min(TIsa.Max(TFunction.Apply(x, y), low), high));
            }

            int left = target.Length - (int)i;
            if (left == 0)
                return;
            if (!oneA)
                a[(int)i..].CopyTo(new Span<float>(rest, lanes));
            if (!oneB)
                b[(int)i..].CopyTo(new Span<float>(rest + lanes, lanes));
            TFloat lastA = oneA ? firstA : TIsa.Load(rest), lastB = oneB ? firstB : TIsa.Load(rest + lanes);
            TIsa.Store(rest, TIsa.Min(TIsa.Max(TFunction.Apply(lastA, lastB), low), high));
            new ReadOnlySpan<float>(rest, left).CopyTo(target[(int)i..]);
        }
    }

    private interface IUnary
    {
        static abstract TFloat Apply(TFloat x);
    }

    private interface IBinary
    {
        static abstract TFloat Apply(TFloat a, TFloat b);
    }

    private readonly struct AbsFunction : IUnary
    {
        public static TFloat Apply(TFloat x) => TIsa.Abs(x);
    }

    private readonly struct ExpFunction : IUnary
    {
        public static TFloat Apply(TFloat x) => Transcendental<TIsa, TFloat>.Exp(x);
    }

    private readonly struct LogisticFunction : IUnary
    {
        public static TFloat Apply(TFloat x) => Transcendental<TIsa, TFloat>.Logistic(x);
    }

    private readonly struct NegFunction : IUnary
    {
        public static TFloat Apply(TFloat x) => TIsa.Multiply(x, TIsa.Broadcast(-1));
    }

    private readonly struct ReluFunction : IUnary
    {
        public static TFloat Apply(TFloat x) => TIsa.Max(x, TIsa.Broadcast(0));
    }

    private readonly struct Relu6Function : IUnary
    {
        public static TFloat Apply(TFloat x) => TIsa.Min(TIsa.Max(x, TIsa.Broadcast(0)), TIsa.Broadcast(6));
    }

    private readonly struct ReluN1To1Function : IUnary
    {
        public static TFloat Apply(TFloat x) => TIsa.Min(TIsa.Max(x, TIsa.Broadcast(-1)), TIsa.Broadcast(1));
    }

    private readonly struct RsqrtFunction : IUnary
    {
        public static TFloat Apply(TFloat x) => TIsa.Divide(TIsa.Broadcast(1), TIsa.SquareRoot(x));
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

    private readonly struct SubtractFunction : IBinary
    {
        public static TFloat Apply(TFloat a, TFloat b) => TIsa.Subtract(a, b);
    }
}
