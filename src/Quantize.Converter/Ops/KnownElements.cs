using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Ops;

/// <summary>Integers that only a run knows may become lengths: each gets a name, so that a shape made of them is no other one's.</summary>
internal static class KnownElements
{
    /// <summary>No tensor has more dimensions.</summary>
    private const int MostNamedElements = 8;

    public static void Name(Value value, Graph graph)
    {
        bool mayBeShape = value.Type is TensorType.Int32 or TensorType.Int64 && value.Shape is { IsStatic: true, Rank: <= 1 } && value.Shape.ElementCount.Value <= MostNamedElements;
        if (mayBeShape && value.Elements is null)
            value.Elements = [.. Enumerable.Range(0, value.Shape.ElementCount.Value).Select(_ => Dimension.Symbol(FormattableString.Invariant($"value{graph.NextSymbol()}")))];
    }
}
