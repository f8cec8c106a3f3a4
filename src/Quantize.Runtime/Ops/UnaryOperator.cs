using System.Numerics;
using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops.Integer;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Threads;

namespace Quantize.Runtime.Ops;

/// <summary>Functions of one operand.</summary>
internal static class UnaryOperator
{
    public static OperatorDefinition Abs { get; } = Of(BuiltinOperator.Abs, UnaryFunction.Abs, nonNegative: true);

    public static OperatorDefinition Ceil { get; } = Of(BuiltinOperator.Ceil, UnaryFunction.Ceil);

    public static OperatorDefinition Cos { get; } = Of(BuiltinOperator.Cos, UnaryFunction.Cos);

    public static OperatorDefinition Elu { get; } = Of(BuiltinOperator.Elu, UnaryFunction.Elu);

    public static OperatorDefinition Exp { get; } = Of(BuiltinOperator.Exp, UnaryFunction.Exp, nonNegative: true);

    public static OperatorDefinition Floor { get; } = Of(BuiltinOperator.Floor, UnaryFunction.Floor);

    public static OperatorDefinition HardSwish { get; } = Of(BuiltinOperator.HardSwish, UnaryFunction.HardSwish);

    public static OperatorDefinition Log { get; } = Of(BuiltinOperator.Log, UnaryFunction.Log);

    public static OperatorDefinition Logistic { get; } = Of(BuiltinOperator.Logistic, UnaryFunction.Logistic, nonNegative: true);

    public static OperatorDefinition Neg { get; } = Of(BuiltinOperator.Neg, UnaryFunction.Neg);

    public static OperatorDefinition Relu { get; } = Of(BuiltinOperator.Relu, UnaryFunction.Relu, nonNegative: true);

    public static OperatorDefinition Relu0To1 { get; } = Of(BuiltinOperator.Relu0To1, UnaryFunction.Relu0To1, nonNegative: true);

    public static OperatorDefinition Relu6 { get; } = Of(BuiltinOperator.Relu6, UnaryFunction.Relu6, nonNegative: true);

    public static OperatorDefinition ReluN1To1 { get; } = Of(BuiltinOperator.ReluN1To1, UnaryFunction.ReluN1To1);

    public static OperatorDefinition Round { get; } = Of(BuiltinOperator.Round, UnaryFunction.Round);

    public static OperatorDefinition Rsqrt { get; } = Of(BuiltinOperator.Rsqrt, UnaryFunction.Rsqrt, nonNegative: true);

    public static OperatorDefinition Sign { get; } = Of(BuiltinOperator.Sign, UnaryFunction.Sign);

    public static OperatorDefinition Sin { get; } = Of(BuiltinOperator.Sin, UnaryFunction.Sin);

    public static OperatorDefinition Sqrt { get; } = Of(BuiltinOperator.Sqrt, UnaryFunction.Sqrt, nonNegative: true);

    public static OperatorDefinition Square { get; } = Of(BuiltinOperator.Square, UnaryFunction.Square, nonNegative: true);

    public static OperatorDefinition Tanh { get; } = Of(BuiltinOperator.Tanh, UnaryFunction.Tanh);

    private static OperatorDefinition Of(BuiltinOperator code, UnaryFunction function, bool nonNegative = false) =>
        new(code, ElementwiseShapes.Unary, context => Prepare(context, function, nonNegative)) { MayOverwrite = InPlace.Elementwise, WidensHalves = true };

    private static Step Prepare(PrepareContext context, UnaryFunction function, bool nonNegative)
    {
        TensorSlot input = context.Input(0);
        context.Output(0).IsNonNegative = nonNegative;
        if (input.Type == TensorType.Float32)
            return new FloatStep(context.Kernels, function, input, context.Output(0));
        if (IntegerFunction.Applies(context) && !IntegerFunction.IsPlain(context, function))
            return IntegerFunction.Prepare(context, function);
        bool hasIntegerForm = function is UnaryFunction.Abs or UnaryFunction.Neg or UnaryFunction.Relu or UnaryFunction.Relu6 or UnaryFunction.Sign or UnaryFunction.Square;
        return (hasIntegerForm, input.Type) switch
        {
            (true, TensorType.Int8) => Integers<sbyte>(context, function),
            (true, TensorType.Int16) => Integers<short>(context, function),
            (true, TensorType.Int32) => Integers<int>(context, function),
            (true, TensorType.Int64) => Integers<long>(context, function),
            _ => throw context.Fail($"has {input.Type} input, for which there is no kernel"),
        };
    }

    /// <summary>Plain integers, wrapping.</summary>
    private static MapStep<T, T> Integers<T>(PrepareContext context, UnaryFunction function)
        where T : unmanaged, IBinaryInteger<T> => new(context.Input(0), context.Output(0), $"{function.ToString().ToLowerInvariant()} {context.Input(0).Type}", function switch
        {
            UnaryFunction.Abs => x => T.IsNegative(x) ? unchecked(T.Zero - x) : x,
            UnaryFunction.Neg => x => unchecked(T.Zero - x),
            UnaryFunction.Relu => x => T.Max(x, T.Zero),
            UnaryFunction.Relu6 => x => T.Clamp(x, T.Zero, T.CreateTruncating(6)),
            UnaryFunction.Sign => x => T.CreateTruncating(T.Sign(x)),
            _ => x => unchecked(x * x),
        });

    private sealed class FloatStep(KernelSet kernels, UnaryFunction function, TensorSlot input, TensorSlot output) : ParallelStep
    {
        /// <summary>Most of these functions are more than one instruction.</summary>
        private const int WorkOfElement = 4 * Cutting.WorkOfElement;

        private readonly Elementwise _elementwise = kernels.Elementwise;

        public override string Kernel => $"{kernels.Name} {function.ToString().ToLowerInvariant()} float";

        protected override int Phases => 1;

        public override void RunPart(in RunContext context, in Part part)
        {
            (int first, int count) = ElementCut.Share(part, output.ElementCount);
            _elementwise.Unary(function, context.Read<float>(input).Slice(first, count), context.Write<float>(output).Slice(first, count));
        }

        protected override int Parts(int phase, int members) => ElementCut.Parts(output.ElementCount, WorkOfElement, members);
    }
}
