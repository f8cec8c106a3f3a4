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
    /// <summary>For instance <c>image Float32 [?,28,28]</c>; a dimension that is open is a <c>?</c>.</summary>
    public override string ToString() => $"{Key} {Type} {ShapeText.Of(Shape)}";
}
