using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Fusion;

/// <summary>One step that does the work of two, of which <paramref name="second"/> alone reads the only output of <paramref name="first"/>; null where the rule does not fit them.</summary>
internal delegate PlannedStep? FusionRule(PlannedStep first, PlannedStep second);

/// <summary>The rules by which two steps become one; the first that fits is taken. None changes a result.</summary>
internal static class FusionTable
{
    public static IReadOnlyList<FusionRule> Rules { get; } =
    [
        PadThenConvolution.Fuse,
        MultiplyThenAdd.Fuse,
        ConvolutionThenAdd.Fuse,
        PlaceOfUpdate.Fuse,
        ShapeOfUpdate.Fuse,
    ];
}
