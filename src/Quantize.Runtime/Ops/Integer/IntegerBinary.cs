using System.Numerics;
using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>Functions of two operands on codes, with broadcasting. Each is prepared as a function of the two codes less their zero points, which gives the output's code less its own.</summary>
internal static class IntegerBinary
{
    private const int WideSumHeadroom = 15;
    private const int SquareHeadroom = 7;

    private static readonly Dictionary<BinaryFunction, Func<Operands, Func<int, int, int>>> s_functions = new()
    {
        [BinaryFunction.Add] = operands => Sum(operands, 1),
        [BinaryFunction.Subtract] = operands => Sum(operands, -1),
        [BinaryFunction.Multiply] = Product,
        [BinaryFunction.Divide] = Quotient,
        [BinaryFunction.SquaredDifference] = SquaredDifference,
        [BinaryFunction.Prelu] = Prelu,
        [BinaryFunction.Maximum] = operands => Extreme(operands, Math.Max),
        [BinaryFunction.Minimum] = operands => Extreme(operands, Math.Min),
    };

    /// <summary>Codes, not plain integers; of one scale, greatest and least are found among the codes as they are.</summary>
    public static bool Applies(PrepareContext context, BinaryFunction function) =>
        AreCodes(context, function) && (function is not (BinaryFunction.Maximum or BinaryFunction.Minimum) || HaveOtherScales(context));

    public static Step Prepare(PrepareContext context, BinaryFunction function, ActivationFunction activation) => context.Input(0).Type switch
    {
        TensorType.Int8 when function is BinaryFunction.Add or BinaryFunction.Subtract => new IntegerSumStep<sbyte>(context, function, activation),
        TensorType.UInt8 when function is BinaryFunction.Add or BinaryFunction.Subtract => new IntegerSumStep<byte>(context, function, activation),
        TensorType.Int8 => Step<sbyte, sbyte>(context, function, activation),
        TensorType.UInt8 => Step<byte, byte>(context, function, activation),
        _ when context.Input(1).Type == TensorType.Int8 => Step<short, sbyte>(context, function, activation),
        _ => Step<short, short>(context, function, activation),
    };

    private static ZipStep<T, TRight, T> Step<T, TRight>(PrepareContext context, BinaryFunction function, ActivationFunction activation)
        where T : unmanaged, IBinaryInteger<T>
        where TRight : unmanaged, IBinaryInteger<TRight>
    {
        var operands = new Operands(context);
        Func<int, int, int> compute = s_functions[function](operands);
        CodeRange range = CodeRange.Of(activation, context.Output(0), context);
        int zeroA = operands.A.ZeroPoint, zeroB = operands.B.ZeroPoint, zero = operands.Output.ZeroPoint;
        return new ZipStep<T, TRight, T>(
            context, $"{function.ToString().ToLowerInvariant()} {context.Output(0).Type}",
            (a, b) => T.CreateTruncating(Math.Clamp(compute(int.CreateTruncating(a) - zeroA, int.CreateTruncating(b) - zeroB) + zero, range.Minimum, range.Maximum)));
    }

    private static bool AreCodes(PrepareContext context, BinaryFunction function) =>
        s_functions.ContainsKey(function) && context.Input(0) is { Type: TensorType.Int8 or TensorType.UInt8 or TensorType.Int16, Quantization: not null }
        && context.Input(1).Quantization is not null && context.Output(0).Quantization is not null;

    private static bool HaveOtherScales(PrepareContext context)
    {
        var operands = new Operands(context);
        return operands.A != operands.Output || operands.B != operands.Output;
    }

    /// <summary>16-bit operands in the coarser scale, with as much headroom as 32 bits allow.</summary>
    private static Func<int, int, int> Sum(Operands operands, int sign)
    {
        if (ShiftTo(operands.A, operands.Output) is { } shiftA && ShiftTo(operands.B, operands.Output) is { } shiftB && (shiftA == 0 || shiftB == 0))
            return (x, y) => FixedPointMultiplier.RoundingShift(x, shiftA) + sign * FixedPointMultiplier.RoundingShift(y, shiftB);
        double coarse = 2 * Math.Max((double)operands.A.Scale, operands.B.Scale);
        FixedPointMultiplier a = FixedPointMultiplier.Of(operands.A.Scale / coarse), b = FixedPointMultiplier.Of(operands.B.Scale / coarse);
        FixedPointMultiplier output = FixedPointMultiplier.Of(coarse / ((1 << WideSumHeadroom) * (double)operands.Output.Scale));
        return (x, y) => output.RoundTwice(a.RoundTwice(x << WideSumHeadroom) + sign * b.RoundTwice(y << WideSumHeadroom));
    }

    /// <summary>Where both scales are powers of two: by how many bits an operand's is finer than the output's.</summary>
    private static int? ShiftTo(TensorScale operand, TensorScale output)
    {
        int from = Math.ILogB(operand.Scale), to = Math.ILogB(output.Scale);
        bool powers = operand.Scale == Math.ScaleB(1, from) && output.Scale == Math.ScaleB(1, to) && operand.ZeroPoint == 0 && output.ZeroPoint == 0;
        return powers && to - from is >= 0 and < 16 ? to - from : null;
    }

    private static Func<int, int, int> Product(Operands operands)
    {
        FixedPointMultiplier factor = FixedPointMultiplier.Of(operands.A.Scale * operands.B.Scale / operands.Output.Scale);
        return (x, y) => factor.RoundTwice(x * y);
    }

    /// <summary>The difference in the coarser scale; its square in the output's.</summary>
    private static Func<int, int, int> SquaredDifference(Operands operands)
    {
        double coarse = 2 * Math.Max((double)operands.A.Scale, operands.B.Scale);
        FixedPointMultiplier a = FixedPointMultiplier.Of(operands.A.Scale / coarse), b = FixedPointMultiplier.Of(operands.B.Scale / coarse);
        FixedPointMultiplier output = FixedPointMultiplier.Of(coarse * coarse / ((1 << (2 * SquareHeadroom)) * (double)operands.Output.Scale));
        if (operands.IsWide)
            throw operands.Context.Fail("squares differences of 16-bit codes, for which there is no kernel");
        return (x, y) =>
        {
            int difference = a.RoundTwice(x << SquareHeadroom) - b.RoundTwice(y << SquareHeadroom);
            return output.RoundTwice(difference * difference);
        };
    }

    /// <summary>The reciprocal of the divisor by Newton's iteration, times the dividend with all its headroom.</summary>
    private static Func<int, int, int> Quotient(Operands operands)
    {
        FixedPointMultiplier factor = FixedPointMultiplier.Of(operands.A.Scale / (operands.B.Scale * operands.Output.Scale));
        string name = operands.Context.Output(0).Name;
        return (x, y) =>
        {
            if (y == 0)
                throw new DivideByZeroException($"'{name}' divides by a code that stands for 0");
            if (y < 0)
                (x, y) = (-x, -y);
            int reciprocal = FixedPointReciprocal.OfInteger(y, out int bits);
            int headroom = x == 0 ? 31 : BitOperations.LeadingZeroCount((uint)(x < 0 ? ~x : x)) - 1;
            int quotient = FixedPointMultiplier.DoublingHighProduct(x << headroom, reciprocal);
            return (factor with { Shift = factor.Shift - bits - headroom }).RoundTwice(quotient);
        };
    }

    /// <summary>What is not negative only changes its scale.</summary>
    private static Func<int, int, int> Prelu(Operands operands)
    {
        FixedPointMultiplier identity = FixedPointMultiplier.Of(operands.A.Scale / operands.Output.Scale);
        FixedPointMultiplier slope = FixedPointMultiplier.Of(operands.A.Scale * operands.B.Scale / operands.Output.Scale);
        return (x, alpha) => x >= 0 ? identity.RoundTwice(x) : slope.RoundTwice(x * alpha);
    }

    /// <summary>Both in the output's scale: Google's kernels would compare codes of different scales as if they had one.</summary>
    private static Func<int, int, int> Extreme(Operands operands, Func<int, int, int> choose)
    {
        double output = operands.Output.Scale;
        FixedPointMultiplier a = FixedPointMultiplier.Of(operands.A.Scale / output), b = FixedPointMultiplier.Of(operands.B.Scale / output);
        return (x, y) => choose(a.RoundTwice(x), b.RoundTwice(y));
    }

    private sealed class Operands(PrepareContext context)
    {
        public PrepareContext Context => context;

        public TensorScale A { get; } = TensorScale.Of(context.Input(0), context);

        public TensorScale B { get; } = TensorScale.Of(context.Input(1), context);

        public TensorScale Output { get; } = TensorScale.Of(context.Output(0), context);

        public bool IsWide => context.Input(0).Type == TensorType.Int16;
    }
}
