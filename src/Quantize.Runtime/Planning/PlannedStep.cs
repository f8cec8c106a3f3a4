namespace Quantize.Runtime.Planning;

/// <summary>A step with the tensors it reads, writes and needs for itself.</summary>
internal sealed record PlannedStep(Step Step, string Name, TensorSlot?[] Inputs, TensorSlot[] Outputs, IReadOnlyList<TensorSlot> Scratch, long MultiplyAdds);
