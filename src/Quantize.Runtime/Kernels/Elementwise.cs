using System.Runtime.CompilerServices;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Kernels;

/// <summary>One float function of one operand.</summary>
internal enum UnaryFunction
{
    Abs,
    Ceil,
    Cos,
    Elu,
    Exp,
    Floor,
    GeluErf,
    GeluTanh,
    HardSwish,
    Log,
    Logistic,
    Neg,
    Relu,
    Relu0To1,
    Relu6,
    ReluN1To1,
    Round,
    Rsqrt,
    Sign,
    Sin,
    Sqrt,
    Square,
    Tanh,
}

/// <summary>One float function of two operands.</summary>
internal enum BinaryFunction
{
    Add,
    Atan2,
    Divide,
    FloorDivide,
    FloorModulo,
    Maximum,
    Minimum,
    Multiply,
    Power,
    Prelu,
    SquaredDifference,
    Subtract,
}

/// <summary>Float functions element by element.</summary>
internal abstract class Elementwise
{
    /// <summary>target[i] = f(source[i]).</summary>
    public abstract void Unary(UnaryFunction function, ReadOnlySpan<float> source, Span<float> target);

    /// <summary>target[i] = clamp(f(a[i], b[i])); an operand of one element is that element for all i.</summary>
    public abstract void Binary(BinaryFunction function, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> target, float minimum, float maximum);

    /// <summary>The operations of a program, row by row, with the results of <see cref="Unary"/> and <see cref="Binary"/>.</summary>
    public abstract void Run(ElementwiseProgram program, Span<byte> memory);

    /// <summary>target[row, i] = clamp(source[row, i] * factor[i] + offset[i]), for as many rows as there are; source and target may be the same.</summary>
    public abstract void Affine(ReadOnlySpan<float> source, ReadOnlySpan<float> factor, ReadOnlySpan<float> offset, Span<float> target, float minimum, float maximum);
}

/// <summary>Whole vectors in place; the rest through one vector's worth of stack memory, so that each lane computes the same thing.</summary>
[SkipLocalsInit]
internal sealed unsafe partial class Elementwise<TIsa, TFloat> : Elementwise
    where TIsa : struct, IFloatIsa<TFloat>
    where TFloat : unmanaged
{
    public override void Unary(UnaryFunction function, ReadOnlySpan<float> source, Span<float> target)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.Length, target.Length);
        switch (function)
        {
            case UnaryFunction.Abs: Map<AbsFunction>(source, target); break;
            case UnaryFunction.Ceil: Map<CeilFunction>(source, target); break;
            case UnaryFunction.Cos: MapScalar(x => Math.Cos(x), source, target); break;
            case UnaryFunction.Elu: Map<EluFunction>(source, target); break;
            case UnaryFunction.Exp: Map<ExpFunction>(source, target); break;
            case UnaryFunction.Floor: Map<FloorFunction>(source, target); break;
            case UnaryFunction.GeluErf: Map<GeluErfFunction>(source, target); break;
            case UnaryFunction.GeluTanh: Map<GeluTanhFunction>(source, target); break;
            case UnaryFunction.HardSwish: Map<HardSwishFunction>(source, target); break;
            case UnaryFunction.Log: Map<LogFunction>(source, target); break;
            case UnaryFunction.Logistic: Map<LogisticFunction>(source, target); break;
            case UnaryFunction.Neg: Map<NegFunction>(source, target); break;
            case UnaryFunction.Relu: Map<ReluFunction>(source, target); break;
            case UnaryFunction.Relu0To1: Map<Relu0To1Function>(source, target); break;
            case UnaryFunction.Relu6: Map<Relu6Function>(source, target); break;
            case UnaryFunction.ReluN1To1: Map<ReluN1To1Function>(source, target); break;
            case UnaryFunction.Round: Map<RoundFunction>(source, target); break;
            case UnaryFunction.Rsqrt: Map<RsqrtFunction>(source, target); break;
            case UnaryFunction.Sign: Map<SignFunction>(source, target); break;
            case UnaryFunction.Sin: MapScalar(x => Math.Sin(x), source, target); break;
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
        if (target.IsEmpty)
            return;
        switch (function)
        {
            case BinaryFunction.Add: Zip<AddFunction>(a, b, target, minimum, maximum); break;
            case BinaryFunction.Atan2: ZipScalar(Math.Atan2, a, b, target); break;
            case BinaryFunction.Divide: Zip<DivideFunction>(a, b, target, minimum, maximum); break;
            case BinaryFunction.FloorDivide: ZipScalar(FloorDivide, a, b, target); break;
            case BinaryFunction.FloorModulo: ZipScalar(FloorModulo, a, b, target); break;
            case BinaryFunction.Maximum: Zip<MaximumFunction>(a, b, target, minimum, maximum); break;
            case BinaryFunction.Minimum: Zip<MinimumFunction>(a, b, target, minimum, maximum); break;
            case BinaryFunction.Multiply: Zip<MultiplyFunction>(a, b, target, minimum, maximum); break;
            case BinaryFunction.Power: ZipScalar(Math.Pow, a, b, target); break;
            case BinaryFunction.Prelu: Zip<PreluFunction>(a, b, target, minimum, maximum); break;
            case BinaryFunction.SquaredDifference: Zip<SquaredDifferenceFunction>(a, b, target, minimum, maximum); break;
            case BinaryFunction.Subtract: Zip<SubtractFunction>(a, b, target, minimum, maximum); break;
            default: throw new ArgumentOutOfRangeException(nameof(function));
        }
    }

    /// <summary>Rare functions: the system's in double, rounded once to float, so that systems whose last bit differs still agree.</summary>
    private static void MapScalar(Func<double, double> function, ReadOnlySpan<float> source, Span<float> target)
    {
        for (int i = 0; i < source.Length; i++)
            target[i] = (float)function(source[i]);
    }

    private static void ZipScalar(Func<double, double, double> function, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> target)
    {
        for (int i = 0; i < target.Length; i++)
            target[i] = (float)function(a[a.Length == 1 ? 0 : i], b[b.Length == 1 ? 0 : i]);
    }

    private static double FloorDivide(double a, double b) => Math.Floor((float)(a / b));

    /// <summary>The remainder with the divisor's sign.</summary>
    private static double FloorModulo(double a, double b)
    {
        double remainder = a % b;
        return remainder != 0 && remainder < 0 != b < 0 ? remainder + b : remainder;
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
                TIsa.Store(to + i, TIsa.MinNative(high, TIsa.MaxNative(low, TFunction.Apply(x, y))));
            }

            int left = target.Length - (int)i;
            if (left == 0)
                return;
            if (!oneA)
                a[(int)i..].CopyTo(new Span<float>(rest, lanes));
            if (!oneB)
                b[(int)i..].CopyTo(new Span<float>(rest + lanes, lanes));
            TFloat lastA = oneA ? firstA : TIsa.Load(rest), lastB = oneB ? firstB : TIsa.Load(rest + lanes);
            TIsa.Store(rest, TIsa.MinNative(high, TIsa.MaxNative(low, TFunction.Apply(lastA, lastB))));
            new ReadOnlySpan<float>(rest, left).CopyTo(target[(int)i..]);
        }
    }
}
