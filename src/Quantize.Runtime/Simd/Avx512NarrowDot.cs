using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Quantize.Runtime.Simd;

/// <summary>As <see cref="Avx2NarrowDot"/>, on 512 bits.</summary>
internal readonly unsafe struct Avx512NarrowDot : IDot<Vector512<int>>
{
    public static ActivationForm Form => ActivationForm.Unsigned7;

    public static Vector512<int> LoadWeights(sbyte* weights) => Vector512.Load(weights).AsInt32();

    public static Vector512<int> Dot(Vector512<int> accumulator, Vector512<int> group, Vector512<int> weights) =>
        accumulator + Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(group.AsByte(), weights.AsSByte()), Vector512.Create((short)1));
}
