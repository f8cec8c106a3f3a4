using Quantize.Converter.Graphs;
using Quantize.Runtime;

namespace Quantize.Converter.Ops;

/// <summary>A list of tensors that is made without saying what shape its elements have.</summary>
/// <param name="Type">The elements' type.</param>
/// <param name="Count">How many elements it has, an int32 scalar.</param>
internal sealed record OpenList(TensorType Type, Value Count);
