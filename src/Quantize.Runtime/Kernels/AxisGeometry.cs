namespace Quantize.Runtime.Kernels;

/// <summary>A tensor seen as [outer, length, inner] around one axis.</summary>
internal readonly record struct AxisGeometry(int Outer, int Length, int Inner)
{
    public static AxisGeometry Of(int[] shape, int axis)
    {
        int outer = 1, inner = 1;
        for (int i = 0; i < axis; i++)
            outer *= shape[i];
        for (int i = axis + 1; i < shape.Length; i++)
            inner *= shape[i];
        return new AxisGeometry(outer, shape[axis], inner);
    }
}
