namespace Quantize.Runtime.Format;

/// <summary>
/// How a constant without its zeros is stored: one level for each dimension, and one for each dimension of the blocks, in the order in which they are walked.
/// <see cref="BlockMap"/> names the dimension that each block dimension divides.
/// </summary>
internal sealed record Sparsity(int[] TraversalOrder, int[] BlockMap, SparsityLevel[] Levels);

/// <summary>A dense level has <see cref="DenseSize"/> positions; a sparse one those that stand in <see cref="Indices"/> from the parent's segment to the next one.</summary>
internal sealed record SparsityLevel(bool IsSparse, int DenseSize, int[] Segments, int[] Indices);
