using System.Numerics;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>Codes that were moved as they are, brought from their source's scale to their own.</summary>
internal sealed class RescaleInPlaceStep<T>(TensorSlot output, TensorScale from, TensorScale to, CodeRange range) : Step
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly FixedPointMultiplier _multiplier = FixedPointMultiplier.Of((double)from.Scale / to.Scale);

    public override string Kernel => $"rescale {output.Type}";

    public override void Run(in RunContext context)
    {
        foreach (ref T code in context.Write<T>(output))
            code = T.CreateTruncating(Math.Clamp(_multiplier.RoundTwice(int.CreateTruncating(code) - from.ZeroPoint) + to.ZeroPoint, range.Minimum, range.Maximum));
    }
}
