using Quantize.Runtime.Kernels;

namespace Quantize.Runtime.Planning;

/// <summary>What an operator does for its neighbours in the same step.</summary>
internal sealed record FusedWork
{
    public static FusedWork None { get; } = new();

    /// <summary>Zeros around the input's height and width, where the input is another operator's.</summary>
    public ZeroBorder Border { get; init; }
}
