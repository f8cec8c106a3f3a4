using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.Wasm;
using System.Runtime.Intrinsics.X86;

namespace Quantize.Probe;

/// <summary>What the compiler of this platform says it may use.</summary>
internal static class InstructionSets
{
    public static string Supported => string.Join(' ', All.Where(set => set.Supported).Select(set => set.Name));

    private static (string Name, bool Supported)[] All =>
    [
        ("Sse41", Sse41.IsSupported),
        ("Avx", Avx.IsSupported),
        ("Avx2", Avx2.IsSupported),
        ("Fma", Fma.IsSupported),
        ("AvxVnni", AvxVnni.IsSupported),
        ("Avx512BW", Avx512BW.IsSupported),
        ("AdvSimd", AdvSimd.IsSupported),
        ("Dp", Dp.IsSupported),
        ("PackedSimd", PackedSimd.IsSupported),
        ("Vector128", Vector128.IsHardwareAccelerated),
        ("Vector256", Vector256.IsHardwareAccelerated),
        ("Vector512", Vector512.IsHardwareAccelerated),
    ];
}
