using Quantize.Runtime.Format;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>A fused activation as the interval it clamps to.</summary>
internal readonly record struct ActivationRange(float Minimum, float Maximum)
{
    public static ActivationRange Everything { get; } = new(float.NegativeInfinity, float.PositiveInfinity);

    public bool IsNonNegative => Minimum >= 0;

    public static ActivationRange Of(ActivationFunction activation, PrepareContext context) => activation switch
    {
        ActivationFunction.None => new(float.NegativeInfinity, float.PositiveInfinity),
        ActivationFunction.Relu => new(0, float.PositiveInfinity),
        ActivationFunction.Relu6 => new(0, 6),
        ActivationFunction.ReluN1To1 => new(-1, 1),
        _ => throw context.Fail($"has the fused activation {activation}, which is no interval"),
    };
}
