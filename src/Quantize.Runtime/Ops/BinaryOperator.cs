using System.Numerics;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>Functions of two operands with broadcasting.</summary>
internal static class BinaryOperator
{
    public static OperatorDefinition Add { get; } = Of(BuiltinOperator.Add, BinaryFunction.Add);

    public static OperatorDefinition Div { get; } = Of(BuiltinOperator.Div, BinaryFunction.Divide);

    public static OperatorDefinition Maximum { get; } = Of(BuiltinOperator.Maximum, BinaryFunction.Maximum);

    public static OperatorDefinition Minimum { get; } = Of(BuiltinOperator.Minimum, BinaryFunction.Minimum);

    public static OperatorDefinition Mul { get; } = Of(BuiltinOperator.Mul, BinaryFunction.Multiply);

    public static OperatorDefinition Atan2 { get; } = Of(BuiltinOperator.Atan2, BinaryFunction.Atan2);

    public static OperatorDefinition FloorDiv { get; } = Of(BuiltinOperator.FloorDiv, BinaryFunction.FloorDivide);

    public static OperatorDefinition FloorMod { get; } = Of(BuiltinOperator.FloorMod, BinaryFunction.FloorModulo);

    public static OperatorDefinition Pow { get; } = Of(BuiltinOperator.Pow, BinaryFunction.Power);

    public static OperatorDefinition Prelu { get; } = Of(BuiltinOperator.Prelu, BinaryFunction.Prelu);

    public static OperatorDefinition SquaredDifference { get; } = Of(BuiltinOperator.SquaredDifference, BinaryFunction.SquaredDifference);

    public static OperatorDefinition Sub { get; } = Of(BuiltinOperator.Sub, BinaryFunction.Subtract);

    private static OperatorDefinition Of(BuiltinOperator code, BinaryFunction function) => new(code, ElementwiseShapes.Binary, context => Prepare(context, function));

    private static Step Prepare(PrepareContext context, BinaryFunction function)
    {
        TensorSlot a = context.Input(0), b = context.Input(1), output = context.Output(0);
        var geometry = new BroadcastGeometry(a.Shape, b.Shape, output.Shape);
        ActivationFunction activation = Activation(context);
        if (a.Type == TensorType.Float32)
        {
            ActivationRange range = ActivationRange.Of(activation, context);
            output.IsNonNegative = range.IsNonNegative;
            return new FloatStep(context.Kernels, function, geometry, range, a, b, output);
        }

        if (function is BinaryFunction.Atan2 or BinaryFunction.Prelu)
            throw context.Fail($"has {a.Type} operands, for which there is no kernel");
        if (activation != ActivationFunction.None)
            throw context.Fail($"has the fused activation {activation} on {a.Type}, for which there is no kernel");
        return a.Type switch
        {
            TensorType.Int8 => new IntegerStep<sbyte>(function, geometry, a, b, output),
            TensorType.UInt8 => new IntegerStep<byte>(function, geometry, a, b, output),
            TensorType.Int16 => new IntegerStep<short>(function, geometry, a, b, output),
            TensorType.UInt16 => new IntegerStep<ushort>(function, geometry, a, b, output),
            TensorType.Int32 => new IntegerStep<int>(function, geometry, a, b, output),
            TensorType.UInt32 => new IntegerStep<uint>(function, geometry, a, b, output),
            TensorType.Int64 => new IntegerStep<long>(function, geometry, a, b, output),
            _ => throw context.Fail($"has {a.Type} operands, for which there is no kernel"),
        };
    }

    private static ActivationFunction Activation(PrepareContext context) => context.Options switch
    {
        AddOptions options => options.Activation,
        SubOptions options => options.Activation,
        MulOptions options => options.Activation,
        DivOptions options => options.Activation,
        _ => ActivationFunction.None,
    };

    private sealed class FloatStep(
        KernelSet kernels, BinaryFunction function, BroadcastGeometry geometry, ActivationRange range, TensorSlot a, TensorSlot b, TensorSlot output) : Step
    {
        private readonly Elementwise _elementwise = kernels.Elementwise;

        public override string Kernel => $"{kernels.Name} {function.ToString().ToLowerInvariant()} float";

        public override void Run(in RunContext context)
        {
            if (output.ElementCount == 0)
                return;
            ReadOnlySpan<float> left = context.Read<float>(a), right = context.Read<float>(b);
            Span<float> target = context.Write<float>(output);
            for (int row = 0; row < geometry.Rows; row++)
            {
                (int atA, int atB) = geometry.Offsets(row);
                _elementwise.Binary(
                    function, left.Slice(atA, geometry.LengthA), right.Slice(atB, geometry.LengthB), target.Slice(row * geometry.RowLength, geometry.RowLength), range.Minimum, range.Maximum);
            }
        }
    }

    /// <summary>Bookkeeping integers: sums wrap, quotients are cut towards zero.</summary>
    private sealed class IntegerStep<T>(BinaryFunction function, BroadcastGeometry geometry, TensorSlot a, TensorSlot b, TensorSlot output) : Step
        where T : unmanaged, IBinaryInteger<T>
    {
        public override string Kernel => $"{function.ToString().ToLowerInvariant()} {output.Type}";

        public override void Run(in RunContext context)
        {
            if (output.ElementCount == 0)
                return;
            ReadOnlySpan<T> left = context.Read<T>(a), right = context.Read<T>(b);
            Span<T> target = context.Write<T>(output);
            for (int row = 0; row < geometry.Rows; row++)
            {
                (int atA, int atB) = geometry.Offsets(row);
                for (int i = 0; i < geometry.RowLength; i++)
                    target[row * geometry.RowLength + i] = Apply(left[atA + (geometry.LengthA == 1 ? 0 : i)], right[atB + (geometry.LengthB == 1 ? 0 : i)]);
            }
        }

        private T Apply(T x, T y) => function switch
        {
            BinaryFunction.Add => unchecked(x + y),
            BinaryFunction.Subtract => unchecked(x - y),
            BinaryFunction.Multiply => unchecked(x * y),
            BinaryFunction.SquaredDifference => unchecked((x - y) * (x - y)),
            BinaryFunction.Divide => Quotient(x, y),
            BinaryFunction.FloorDivide => T.IsNegative(x) != T.IsNegative(y) && !T.IsZero(Remainder(x, y)) ? Quotient(x, y) - T.One : Quotient(x, y),
            BinaryFunction.FloorModulo => T.IsNegative(x) != T.IsNegative(y) && !T.IsZero(Remainder(x, y)) ? Remainder(x, y) + y : Remainder(x, y),
            BinaryFunction.Power => Power(x, y),
            BinaryFunction.Maximum => T.Max(x, y),
            BinaryFunction.Minimum => T.Min(x, y),
            _ => throw new InvalidOperationException($"'{output.Name}': {function} has no integer form"),
        };

        private T Quotient(T x, T y) => T.IsZero(y) ? throw new DivideByZeroException($"'{output.Name}' divides an integer by zero")
            : unchecked(y + T.One) == T.Zero && T.IsNegative(y) ? unchecked(T.Zero - x) : x / y;

        private T Remainder(T x, T y) => unchecked(x - Quotient(x, y) * y);

        private static T Power(T x, T exponent)
        {
            T result = T.One;
            for (T e = exponent; e > T.Zero; e >>= 1)
            {
                if ((e & T.One) == T.One)
                    result = unchecked(result * x);
                x = unchecked(x * x);
            }

            return result;
        }
    }
}
