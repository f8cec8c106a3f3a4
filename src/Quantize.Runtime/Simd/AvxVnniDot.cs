using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Quantize.Runtime.Simd;

/// <summary>vpdpbusd in its VEX form (256 bits): unsigned bytes times signed bytes, four at a time, without saturation.</summary>
internal readonly unsafe struct AvxVnniDot : IDot<Vector256<int>>
{
    public static ActivationForm Form => ActivationForm.Unsigned8;

    public static Vector256<int> LoadWeights(sbyte* weights) => Vector256.Load(weights).AsInt32();

    public static Vector256<int> Dot(Vector256<int> accumulator, Vector256<int> group, Vector256<int> weights) =>
        AvxVnni.MultiplyWideningAndAdd(accumulator, group.AsByte(), weights.AsSByte());
}
