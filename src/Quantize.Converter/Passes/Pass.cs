using Quantize.Converter.Graphs;

namespace Quantize.Converter.Passes;

/// <summary>One kind of rewrite. It returns true where it changed the graph.</summary>
internal sealed record Pass(string Name, Func<Graph, bool> Run);
