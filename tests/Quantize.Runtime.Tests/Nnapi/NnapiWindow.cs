using Quantize.Runtime.Format;

namespace Quantize.Runtime.Tests.Nnapi;

/// <summary>
/// The padding of a window over rows and columns: a scheme, or so many elements on each side, which TensorFlow Lite says by its schemes where they come to the same, and by an
/// operator before this one elsewhere.
/// </summary>
internal sealed record NnapiWindow(Padding Padding, int[] Explicit)
{
    private const int Same = 1;

    /// <summary>Where the scheme is written out there are four numbers in its place: left, right, top, bottom.</summary>
    public static NnapiWindow Of(NnapiNode node, int first, bool isExplicit, int[] image, int height, int width, int strideHeight, int strideWidth)
    {
        if (!isExplicit)
            return new NnapiWindow(node.Int(first) == Same ? Padding.Same : Padding.Valid, []);
        int left = node.Int(first), right = node.Int(first + 1), top = node.Int(first + 2), bottom = node.Int(first + 3);
        if (left + right + top + bottom == 0)
            return new NnapiWindow(Padding.Valid, []);
        return IsSame(image[1], height, strideHeight, top, bottom) && IsSame(image[2], width, strideWidth, left, right)
            ? new NnapiWindow(Padding.Same, [])
            : new NnapiWindow(Padding.Valid, [0, 0, top, bottom, left, right, 0, 0]);
    }

    /// <summary>The image, padded where the scheme cannot say how.</summary>
    public int Padded(NnapiNode node, int image)
    {
        if (Explicit.Length == 0)
            return image;
        int[] shape = node.Graph.Tensors[image].Shape;
        int padded = node.Like(image, [.. shape.Select((dimension, axis) => dimension + Explicit[2 * axis] + Explicit[2 * axis + 1])]);
        node.Graph.Call(BuiltinOperator.Pad, [image, node.Graph.Constant(TensorType.Int32, Explicit, 4, 2)], [padded]);
        return padded;
    }

    private static bool IsSame(int length, int window, int stride, int before, int after)
    {
        int needed = Math.Max(0, ((length + stride - 1) / stride - 1) * stride + window - length);
        return before == needed / 2 && after == needed - needed / 2;
    }
}
