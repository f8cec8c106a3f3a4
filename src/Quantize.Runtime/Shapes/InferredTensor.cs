namespace Quantize.Runtime.Shapes;

/// <summary>What a shape rule knows of a tensor that goes into a subgraph or comes out of it.</summary>
internal sealed record InferredTensor(TensorType Type, Shape Shape);
