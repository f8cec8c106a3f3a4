using System.Numerics;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>Functions of codes with a factor for what is negative and another for the rest: LEAKY_RELU, ABS; and SQRT, whose kernel cuts what others round.</summary>
internal static class IntegerPiecewise
{
    public static Step LeakyRelu(PrepareContext context, float alpha) => Prepare(context, alpha, "leaky relu");

    public static Step Abs(PrepareContext context) => Prepare(context, -1, "abs");

    public static Step Sqrt(PrepareContext context) => context.Input(0).Type switch
    {
        TensorType.Int8 => Sqrt<sbyte>(context),
        TensorType.UInt8 => Sqrt<byte>(context),
        _ => Sqrt<short>(context),
    };

    private static MapStep<T, T> Sqrt<T>(PrepareContext context)
        where T : unmanaged, IBinaryInteger<T>
    {
        TensorScale from = TensorScale.Of(context.Input(0), context), to = TensorScale.Of(context.Output(0), context);
        CodeRange range = CodeRange.Of(context.Output(0).Type, context);
        return new(context.Input(0), context.Output(0), $"sqrt {context.Input(0).Type}", code =>
        {
            float root = MathF.Sqrt(Math.Max(0, from.Real(int.CreateTruncating(code))));
            return T.CreateTruncating((int)Math.Clamp(MathF.Truncate(root / to.Scale) + to.ZeroPoint, range.Minimum, range.Maximum));
        });
    }

    private static Step Prepare(PrepareContext context, float below, string name) => context.Input(0).Type switch
    {
        TensorType.Int8 => Step<sbyte>(context, below, name),
        TensorType.UInt8 => Step<byte>(context, below, name),
        _ => Step<short>(context, below, name),
    };

    private static MapStep<T, T> Step<T>(PrepareContext context, float below, string name)
        where T : unmanaged, IBinaryInteger<T>
    {
        TensorScale from = TensorScale.Of(context.Input(0), context), to = TensorScale.Of(context.Output(0), context);
        CodeRange range = CodeRange.Of(context.Output(0).Type, context);
        FixedPointMultiplier identity = FixedPointMultiplier.Of(from.Scale / to.Scale), slope = FixedPointMultiplier.Of(Math.Abs(from.Scale * below / to.Scale));
        int sign = below < 0 ? -1 : 1;
        return new(context.Input(0), context.Output(0), $"{name} {context.Input(0).Type}", code =>
        {
            int x = int.CreateTruncating(code) - from.ZeroPoint;
            int y = x >= 0 ? identity.RoundTwice(x) : slope.RoundTwice(sign * x);
            return T.CreateTruncating(Math.Clamp(y + to.ZeroPoint, range.Minimum, range.Maximum));
        });
    }
}
