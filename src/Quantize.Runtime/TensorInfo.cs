namespace Quantize.Runtime;

/// <summary>One input, output or intermediate tensor of a model, as the file describes it.</summary>
/// <param name="Key">The signature's name for it; the tensor's own name where it has none.</param>
/// <param name="Name">The tensor's name in the file.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Dimensions, outermost first; -1 where a dimension is open until a call fixes it.</param>
/// <param name="Scale">real = scale * (code - zeroPoint) for quantized integers; 0 where the tensor is not quantized per tensor.</param>
/// <param name="ZeroPoint">The code that stands for 0.</param>
public sealed record TensorInfo(string Key, string Name, TensorType Type, IReadOnlyList<int> Shape, float Scale, int ZeroPoint)
{
    /// <summary>False where any number of dimensions will do; <see cref="Shape"/> is empty then, as a scalar's.</summary>
    internal bool HasRank { get; init; } = true;

    /// <summary>Whether a tensor of these dimensions can be given here.</summary>
    internal bool Takes(ReadOnlySpan<int> shape)
    {
        bool fits = !HasRank || shape.Length == Shape.Count;
        for (int i = 0; fits && i < shape.Length; i++)
            fits = shape[i] >= 0 && (!HasRank || Shape[i] < 0 || Shape[i] == shape[i]);
        return fits;
    }

    /// <summary>For instance <c>image Float32 [?,28,28]</c>; a dimension that is open is a <c>?</c>.</summary>
    public override string ToString() => $"{Key} {Type} {(HasRank ? ShapeText.Of(Shape) : "of any shape")}";
}
