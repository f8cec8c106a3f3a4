using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>Elements begin, begin + stride, ... (count of them) of one dimension; dropped where the dimension leaves the shape, open where only a run knows the begin, at that position of the operand.</summary>
internal readonly record struct SliceRange(int Begin, int Stride, Dimension Count, bool Dropped, bool IsNew = false, int? OpenAt = null)
{
    public static SliceRange New => new(0, 1, 1, Dropped: false, IsNew: true);

    public static SliceRange All(Dimension size) => new(0, 1, size, Dropped: false);
}
