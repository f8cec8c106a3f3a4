using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;

namespace Quantize.Runtime.Planning;

/// <summary>What an operator does for its neighbours in the same step.</summary>
internal sealed record FusedWork
{
    public static FusedWork None { get; } = new();

    /// <summary>Zeros around the input's height and width, where the input is another operator's.</summary>
    public ZeroBorder Border { get; init; }

    /// <summary>What is added to the result before it is clamped.</summary>
    public TensorSlot? Addend { get; init; }

    /// <summary>Where a block begins, one tensor of one element for each dimension, in place of the operand that would hold them side by side.</summary>
    public TensorSlot[]? Place { get; init; }

    /// <summary>The dimensions of the block, which is read as the tensor that another shape was made of.</summary>
    public int[]? BlockShape { get; init; }

    /// <summary>The activation of the sum with <see cref="Addend"/>.</summary>
    public ActivationFunction Activation { get; init; }
}
