using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Kernels;

/// <summary>The table of instruction sets, best first.</summary>
internal static class KernelSets
{
    /// <summary>Environment variable that picks a row by name.</summary>
    public const string Override = "QUANTIZE_ISA";

    public static KernelSet Scalar { get; } = new KernelSet<ScalarIsa, float, int>("scalar", true, Hybrid<ScalarIsa, float, int, ScalarIsa>, Hybrid<ScalarIsa, float, int, ScalarIsa>);

    public static IReadOnlyList<KernelSet> All { get; } =
    [
        new KernelSet<Avx512Isa, Vector512<float>, Vector512<int>>(
            "avx512-vnni", Avx512BW.IsSupported && AvxVnni.IsSupported,
            Hybrid<Avx2Isa, Vector256<float>, Vector256<int>, AvxVnniDot>, Hybrid<Avx512Isa, Vector512<float>, Vector512<int>, Avx512NarrowDot>),
        new KernelSet<Avx512Isa, Vector512<float>, Vector512<int>>(
            "avx512", Avx512BW.IsSupported,
            Hybrid<Avx512Isa, Vector512<float>, Vector512<int>, Avx512Isa>, Hybrid<Avx512Isa, Vector512<float>, Vector512<int>, Avx512NarrowDot>),
        new KernelSet<Avx2Isa, Vector256<float>, Vector256<int>>(
            "avx2-vnni", Avx2.IsSupported && Fma.IsSupported && AvxVnni.IsSupported,
            Hybrid<Avx2Isa, Vector256<float>, Vector256<int>, AvxVnniDot>, Hybrid<Avx2Isa, Vector256<float>, Vector256<int>, AvxVnniDot>),
        new KernelSet<Avx2Isa, Vector256<float>, Vector256<int>>(
            "avx2", Avx2.IsSupported && Fma.IsSupported,
            Hybrid<Avx2Isa, Vector256<float>, Vector256<int>, Avx2Isa>, Hybrid<Avx2Isa, Vector256<float>, Vector256<int>, Avx2NarrowDot>),
        new KernelSet<Vector128Isa, Vector128<float>, Vector128<int>>(
            "neon-dot", Dp.IsSupported,
            Hybrid<Vector128Isa, Vector128<float>, Vector128<int>, NeonDot>, Hybrid<Vector128Isa, Vector128<float>, Vector128<int>, NeonDot>),
        new KernelSet<Vector128Isa, Vector128<float>, Vector128<int>>(
            "vector128", Vector128.IsHardwareAccelerated,
            Hybrid<Vector128Isa, Vector128<float>, Vector128<int>, Vector128Isa>, Hybrid<Vector128Isa, Vector128<float>, Vector128<int>, Vector128Isa>),
        Scalar,
    ];

    /// <summary>The rows this machine can run, best first.</summary>
    public static IEnumerable<KernelSet> Supported => All.Where(row => row.IsSupported);

    /// <summary>The row of that name, or that the environment names, or the best.</summary>
    /// <exception cref="ArgumentException">There is no such row, or this machine cannot run it.</exception>
    public static KernelSet Choose(string? name)
    {
        name ??= Environment.GetEnvironmentVariable(Override);
        if (string.IsNullOrEmpty(name))
            return Supported.First();
        return Supported.FirstOrDefault(row => row.Name == name)
            ?? throw new ArgumentException($"the instruction set '{name}' is not among those this machine can run: {string.Join(", ", Supported.Select(row => row.Name))}");
    }

    private static HybridGemm Hybrid<TIsa, TFloat, TInt, TDot>()
        where TIsa : struct, IIsa<TFloat, TInt>
        where TDot : struct, IDot<TInt>
        where TFloat : unmanaged
        where TInt : unmanaged => new HybridGemm<TIsa, TFloat, TInt, TDot>();
}
