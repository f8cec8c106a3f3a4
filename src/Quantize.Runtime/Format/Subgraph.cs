namespace Quantize.Runtime.Format;

/// <summary>A function of the model: tensors, and operators in an order that runs.</summary>
internal sealed record Subgraph(string Name, Tensor[] Tensors, int[] Inputs, int[] Outputs, Operator[] Operators);

/// <summary>A named entry point: the keys callers use for the tensors of a subgraph.</summary>
internal sealed record Signature(string Key, int Subgraph, SignatureEntry[] Inputs, SignatureEntry[] Outputs);

/// <summary>One key of a signature and the tensor it stands for.</summary>
internal sealed record SignatureEntry(string Key, int Tensor);
