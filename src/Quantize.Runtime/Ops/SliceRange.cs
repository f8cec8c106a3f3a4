using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>Elements begin, begin + stride, ... (count of them) of one dimension; dropped where the dimension leaves the shape.</summary>
internal readonly record struct SliceRange(int Begin, int Stride, Dimension Count, bool Dropped, bool IsNew = false)
{
    public static SliceRange New => new(0, 1, 1, Dropped: false, IsNew: true);

    public static SliceRange All(Dimension size) => new(0, 1, size, Dropped: false);
}
