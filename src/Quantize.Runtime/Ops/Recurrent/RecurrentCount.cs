using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>How many products a recurrent operator adds up.</summary>
internal static class RecurrentCount
{
    /// <summary>Each row of the input meets every matrix of weights once.</summary>
    public static long OfWeights(PrepareContext context)
    {
        long weights = 0;
        for (int i = 1; i < context.InputCount; i++)
            weights += context.OptionalInput(i) is { IsKnown: true, Shape.Length: 2 } matrix ? matrix.ElementCount : 0;
        TensorSlot input = context.Input(0);
        return weights * (input.ElementCount / Math.Max(1, input.Shape[^1]));
    }
}
