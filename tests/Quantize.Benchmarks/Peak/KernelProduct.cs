using Quantize.Runtime.Kernels;

namespace Quantize.Benchmarks.Peak;

/// <summary>A matrix product in the size of the tutorial's second convolution, in one form of one row.</summary>
internal sealed record KernelProduct(string Isa, string Form, Action Run)
{
    public const int Rows = 14 * 14;
    public const int Depth = 5 * 5 * 32;
    public const int Outputs = 64;

    public static IEnumerable<KernelProduct> Of(KernelSet row) =>
    [
        new(row.Name, "float", Float(row.FloatGemm)),
        new(row.Name, "Precise", Hybrid(row.PreciseGemm)),
        new(row.Name, "Fast", Hybrid(row.FastGemm)),
    ];

    private static Action Float(FloatGemm gemm)
    {
        PackedFloatWeights weights = gemm.Pack(new float[Outputs * Depth], [], Outputs, Depth);
        GemmGeometry geometry = GemmGeometry.Dense(Rows, Depth, Depth);
        float[] a = new float[Rows * Depth], c = new float[Rows * Outputs];
        return () => gemm.Run(a, geometry, weights, c, Outputs, float.MinValue, float.MaxValue);
    }

    private static Action Hybrid(HybridGemm gemm)
    {
        PackedHybridWeights weights = gemm.Pack(new sbyte[Outputs * Depth], [1], [], Outputs, 1, Depth);
        GemmGeometry geometry = GemmGeometry.Dense(Rows, Depth, Depth);
        byte[] a = new byte[Rows * Depth * sizeof(short) + HybridGemm.ReadAhead];
        float[] c = new float[Rows * Outputs], scale = [1];
        int[] correction = [0];
        return () => gemm.Run(a, geometry, weights, scale, correction, c, Outputs, float.MinValue, float.MaxValue);
    }
}
