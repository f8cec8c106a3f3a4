namespace Quantize.Runtime.Planning;

/// <summary>Where planning must wait for a run.</summary>
/// <param name="NextOperator">The first operator that is not planned.</param>
/// <param name="Values">Tensors whose elements decide how it goes on: operands that say a shape, an axis, a size.</param>
/// <param name="Sized">Tensors whose shapes the steps so far decide.</param>
internal sealed record Cut(int NextOperator, TensorSlot[] Values, TensorSlot[] Sized);
