using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Quantize.Runtime.Simd;

/// <summary>sdot of the ARMv8.2 dot product extension: signed bytes, four at a time.</summary>
internal readonly unsafe struct NeonDot : IDot<Vector128<int>>
{
    public static ActivationForm Form => ActivationForm.Signed8;

    public static Vector128<int> LoadWeights(sbyte* weights) => Vector128.Load(weights).AsInt32();

    public static Vector128<int> Dot(Vector128<int> accumulator, Vector128<int> group, Vector128<int> weights) =>
        Dp.DotProduct(accumulator, group.AsSByte(), weights.AsSByte());
}
