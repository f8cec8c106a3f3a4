using Quantize.Converter.Graphs;

namespace Quantize.Converter.Passes.Recurrent;

/// <summary>What a loop reads one step of in each iteration: a tensor with three dimensions, the axis along which its steps lie, and whether the last is read first.</summary>
internal sealed record StepSequence(Value Steps, int Axis, bool IsBackwards);
