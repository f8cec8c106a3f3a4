using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Quantize.Runtime.Simd;

namespace Quantize.Benchmarks.Peak;

/// <summary>One instruction that products are made of. The loop gives the multiply-adds of so many steps.</summary>
internal sealed unsafe record PeakForm(string Isa, string Instruction, bool IsSupported, PeakForm.Loop Steps)
{
    private const long StepsPerRun = 100_000;

    internal delegate double Loop(long steps, float* sink);

    public string Name => $"{Isa} {Instruction}";

    public static IReadOnlyList<PeakForm> All { get; } =
    [
        new("scalar", "float", true, PeakLoops.Float<ScalarIsa, float>),
        new("scalar", "int16 pairs", true, PeakLoops.Dot<ScalarIsa, float, int, ScalarIsa>),
        new("vector128", "float", Vector128.IsHardwareAccelerated, PeakLoops.Float<Vector128Isa, Vector128<float>>),
        new("vector128", "int16 pairs", Vector128.IsHardwareAccelerated, PeakLoops.Dot<Vector128Isa, Vector128<float>, Vector128<int>, Vector128Isa>),
        new("neon-dot", "sdot", Dp.IsSupported, PeakLoops.Dot<Vector128Isa, Vector128<float>, Vector128<int>, NeonDot>),
        new("avx2", "float", Fma.IsSupported, PeakLoops.Float<Avx2Isa, Vector256<float>>),
        new("avx2", "int16 pairs, vpmaddwd", Avx2.IsSupported, PeakLoops.Dot<Avx2Isa, Vector256<float>, Vector256<int>, Avx2Isa>),
        new("avx2", "0..127, vpmaddubsw", Avx2.IsSupported, PeakLoops.Dot<Avx2Isa, Vector256<float>, Vector256<int>, Avx2NarrowDot>),
        new("avx2-vnni", "bytes, vpdpbusd", AvxVnni.IsSupported, PeakLoops.Dot<Avx2Isa, Vector256<float>, Vector256<int>, AvxVnniDot>),
        new("avx512", "float", Avx512BW.IsSupported, PeakLoops.Float<Avx512Isa, Vector512<float>>),
        new("avx512", "int16 pairs, vpmaddwd", Avx512BW.IsSupported, PeakLoops.Dot<Avx512Isa, Vector512<float>, Vector512<int>, Avx512Isa>),
        new("avx512", "0..127, vpmaddubsw", Avx512BW.IsSupported, PeakLoops.Dot<Avx512Isa, Vector512<float>, Vector512<int>, Avx512NarrowDot>),
    ];

    /// <summary>Multiply-adds of one run.</summary>
    public double Run()
    {
        float* sink = stackalloc float[11 * 16];
        new Span<float>(sink, 11 * 16).Clear();
        return Steps(StepsPerRun, sink);
    }
}
