namespace Quantize.Runtime;

/// <summary>Shapes as people read them: <c>[?,28,28]</c>, where <c>?</c> is an open dimension.</summary>
internal static class ShapeText
{
    public static string Of(IEnumerable<int> shape) => $"[{string.Join(',', shape.Select(length => length < 0 ? "?" : $"{length}"))}]";
}
