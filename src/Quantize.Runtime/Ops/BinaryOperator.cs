using System.Numerics;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops.Integer;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Threads;

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

    public static OperatorDefinition Prelu { get; } = Of(BuiltinOperator.Prelu, BinaryFunction.Prelu) with { InferShapes = ElementwiseShapes.Prelu };

    public static OperatorDefinition SquaredDifference { get; } = Of(BuiltinOperator.SquaredDifference, BinaryFunction.SquaredDifference);

    public static OperatorDefinition Sub { get; } = Of(BuiltinOperator.Sub, BinaryFunction.Subtract);

    private static OperatorDefinition Of(BuiltinOperator code, BinaryFunction function) => new(code, ElementwiseShapes.Binary, context => Prepare(context, function)) { MayOverwrite = InPlace.Elementwise, WidensHalves = true };

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

        if (IntegerBinary.Applies(context, function))
            return IntegerBinary.Prepare(context, function, activation);
        if (function is BinaryFunction.Atan2 or BinaryFunction.Prelu)
            throw context.Fail($"has {a.Type} operands, for which there is no kernel");
        return a.Type switch
        {
            TensorType.Int8 => Integers<sbyte>(context, function, activation),
            TensorType.UInt8 => Integers<byte>(context, function, activation),
            TensorType.Int16 => Integers<short>(context, function, activation),
            TensorType.UInt16 => Integers<ushort>(context, function, activation),
            TensorType.Int32 => Integers<int>(context, function, activation),
            TensorType.UInt32 => Integers<uint>(context, function, activation),
            TensorType.Int64 => Integers<long>(context, function, activation),
            TensorType.UInt64 => Integers<ulong>(context, function, activation),
            _ => throw context.Fail($"has {a.Type} operands, for which there is no kernel"),
        };
    }

    /// <summary>Bookkeeping integers.</summary>
    private static ZipStep<T, T, T> Integers<T>(PrepareContext context, BinaryFunction function, ActivationFunction activation)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        Func<T, T, T> plain = Integers<T>(context, function);
        string kernel = $"{function.ToString().ToLowerInvariant()} {context.Output(0).Type}";
        if (activation == ActivationFunction.None)
            return new ZipStep<T, T, T>(context, kernel, plain);
        ActivationRange range = ActivationRange.Of(activation, context);
        (T minimum, T maximum) = (T.CreateSaturating(range.Minimum), T.CreateSaturating(range.Maximum));
        return new ZipStep<T, T, T>(context, kernel, (x, y) => T.Clamp(plain(x, y), minimum, maximum));
    }

    private static Func<T, T, T> Integers<T>(PrepareContext context, BinaryFunction function)
        where T : unmanaged, IBinaryInteger<T>
    {
        string name = context.Output(0).Name;
        return function switch
        {
            BinaryFunction.Add => (x, y) => unchecked(x + y),
            BinaryFunction.Subtract => (x, y) => unchecked(x - y),
            BinaryFunction.Multiply => (x, y) => unchecked(x * y),
            BinaryFunction.SquaredDifference => (x, y) => unchecked((x - y) * (x - y)),
            BinaryFunction.Divide => (x, y) => IntegerArithmetic<T>.Quotient(x, y, name),
            BinaryFunction.FloorDivide => (x, y) => IntegerArithmetic<T>.FloorQuotient(x, y, name),
            BinaryFunction.FloorModulo => (x, y) => IntegerArithmetic<T>.FloorRemainder(x, y, name),
            BinaryFunction.Power => IntegerArithmetic<T>.Power,
            BinaryFunction.Maximum => T.Max,
            BinaryFunction.Minimum => T.Min,
            _ => throw context.Fail($"computes {function} of {context.Input(0).Type}, for which there is no kernel"),
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
        KernelSet kernels, BinaryFunction function, BroadcastGeometry geometry, ActivationRange range, TensorSlot a, TensorSlot b, TensorSlot output) : ParallelStep
    {
        private readonly Elementwise _elementwise = kernels.Elementwise;

        public override string Kernel => $"{kernels.Name} {function.ToString().ToLowerInvariant()} float";

        protected override int Phases => 1;

        /// <summary>A share of the output's elements: the ends of two rows, and whole rows between.</summary>
        public override void RunPart(in RunContext context, in Part part)
        {
            ReadOnlySpan<float> left = context.Read<float>(a), right = context.Read<float>(b);
            (int first, int count) = ElementCut.Share(part, output.ElementCount);
            Span<float> target = context.Write<float>(output).Slice(first, count);
            for (int done = 0, run; done < count; done += run)
            {
                (int row, int column) = Math.DivRem(first + done, geometry.RowLength);
                run = Math.Min(count - done, geometry.RowLength - column);
                (int atA, int atB) = geometry.Offsets(row);
                _elementwise.Binary(
                    function, BroadcastGeometry.Run(left, atA, geometry.LengthA, column, run), BroadcastGeometry.Run(right, atB, geometry.LengthB, column, run), target.Slice(done, run), range.Minimum, range.Maximum);
            }
        }

        protected override int Parts(int phase, int members) => ElementCut.Parts(output.ElementCount, Cutting.WorkOfElement, members);
    }
}
