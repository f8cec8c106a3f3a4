using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Quantize.Runtime.Simd;

/// <summary>
/// vpmaddubsw on activations in [0, 127]: two products sum to at most 2 * 127 * 127 = 32258, so its 16-bit saturation cannot strike and the result is exact.
/// </summary>
internal readonly unsafe struct Avx2NarrowDot : IDot<Vector256<int>>
{
    public static ActivationForm Form => ActivationForm.Unsigned7;

    public static Vector256<int> LoadWeights(sbyte* weights) => Vector256.Load(weights).AsInt32();

    public static Vector256<int> Dot(Vector256<int> accumulator, Vector256<int> group, Vector256<int> weights) =>
        accumulator + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(group.AsByte(), weights.AsSByte()), Vector256.Create((short)1));
}
