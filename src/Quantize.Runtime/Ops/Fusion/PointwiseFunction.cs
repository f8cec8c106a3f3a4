using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Fusion;

/// <summary>The float functions that a <see cref="PointwiseStep"/> computes, by operator; null for all others.</summary>
internal readonly record struct PointwiseFunction(UnaryFunction? Unary, BinaryFunction? Binary)
{
    private static readonly Dictionary<BuiltinOperator, PointwiseFunction> s_functions = new()
    {
        [BuiltinOperator.Abs] = new(UnaryFunction.Abs, null),
        [BuiltinOperator.Add] = new(null, BinaryFunction.Add),
        [BuiltinOperator.Logistic] = new(UnaryFunction.Logistic, null),
        [BuiltinOperator.Maximum] = new(null, BinaryFunction.Maximum),
        [BuiltinOperator.Minimum] = new(null, BinaryFunction.Minimum),
        [BuiltinOperator.Mul] = new(null, BinaryFunction.Multiply),
        [BuiltinOperator.Neg] = new(UnaryFunction.Neg, null),
        [BuiltinOperator.Relu] = new(UnaryFunction.Relu, null),
        [BuiltinOperator.Square] = new(UnaryFunction.Square, null),
        [BuiltinOperator.Sub] = new(null, BinaryFunction.Subtract),
        [BuiltinOperator.Tanh] = new(UnaryFunction.Tanh, null),
    };

    public static PointwiseFunction? Of(PlannedStep step) =>
        step is { Definition: { } definition, Context: { } context } && context.Fused == FusedWork.None && step.Outputs is [{ Type: TensorType.Float32 }] && s_functions.TryGetValue(definition.Code, out PointwiseFunction function)
            ? function : null;

    /// <summary>The interval to which a fused activation clamps the result.</summary>
    public static ActivationRange Range(PrepareContext context) => ActivationRange.Of(
        context.Options switch
        {
            AddOptions options => options.Activation,
            MulOptions options => options.Activation,
            SubOptions options => options.Activation,
            _ => ActivationFunction.None,
        },
        context);
}
