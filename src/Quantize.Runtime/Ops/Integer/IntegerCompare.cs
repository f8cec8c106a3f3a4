using System.Numerics;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>Codes of two scales are compared as the reals they stand for, in fixed point.</summary>
internal static class IntegerCompare
{
    private const int Headroom = 8;

    public static bool Applies(PrepareContext context) =>
        context.Input(0) is { Type: TensorType.Int8 or TensorType.UInt8 or TensorType.Int16, Quantization: not null } && context.Input(1).Quantization is not null;

    public static Step Prepare(PrepareContext context, string name, Func<int, int, bool> holds) => context.Input(0).Type switch
    {
        TensorType.Int8 => Step<sbyte>(context, name, holds),
        TensorType.UInt8 => Step<byte>(context, name, holds),
        _ => Step<short>(context, name, holds),
    };

    private static ZipStep<T, T, bool> Step<T>(PrepareContext context, string name, Func<int, int, bool> holds)
        where T : unmanaged, IBinaryInteger<T>
    {
        TensorScale a = TensorScale.Of(context.Input(0), context), b = TensorScale.Of(context.Input(1), context);
        FixedPointMultiplier scaleA = FixedPointMultiplier.Of(a.Scale), scaleB = FixedPointMultiplier.Of(b.Scale);
        return new ZipStep<T, T, bool>(
            context, $"{name} {context.Input(0).Type}",
            (x, y) => holds(scaleA.RoundTwice((int.CreateTruncating(x) - a.ZeroPoint) << Headroom), scaleB.RoundTwice((int.CreateTruncating(y) - b.ZeroPoint) << Headroom)));
    }
}
