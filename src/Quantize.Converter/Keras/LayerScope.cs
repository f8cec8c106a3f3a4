using Quantize.Converter.Graphs;

namespace Quantize.Converter.Keras;

/// <summary>What all layers of a conversion share: the graph they add to, whose rules hold, and what could not be imported.</summary>
internal sealed record LayerScope(Graph Graph, bool IsKeras3, LayerProblems Problems);
