using Quantize.Runtime.Format;

namespace Quantize.Runtime.Planning;

/// <summary>What an operator sees when it is prepared: shapes in numbers, constants, the kernels of this machine.</summary>
internal sealed class PrepareContext
{
    public required OperatorOptions Options { get; init; }

    public required TensorSlot?[] Inputs { get; init; }

    public required TensorSlot[] Outputs { get; init; }
}
