using System.Globalization;
using System.Runtime.InteropServices;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Simd;

namespace Quantize.Probe;

/// <summary>
/// One matrix product in the size of the tutorial's second convolution: 14 x 14 pixels, 5 x 5 x 32 inputs, 64 outputs. Scales are 1 and sums stay below 2^24, so a
/// hybrid product's outputs are its integers; the float product's operands are small integers, exact in any order.
/// </summary>
internal abstract class Product(string name)
{
    protected const int Rows = 14 * 14;
    protected const int Depth = 5 * 5 * 32;
    protected const int Outputs = 64;

    public static IReadOnlyList<Product> All { get; } = [new FloatProduct(), new HybridProduct("precise", fast: false), new HybridProduct("fast", fast: true)];

    public string Name { get; } = name;

    /// <summary>The bits of all outputs, hashed.</summary>
    public string Hash(KernelSet row)
    {
        var outputs = new float[Rows * Outputs];
        Prepare(row)(outputs);
        ulong hash = 14695981039346656037; // FNV-1a
        foreach (byte value in MemoryMarshal.AsBytes<float>(outputs))
            hash = unchecked((hash ^ value) * 1099511628211);
        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }

    public double Milliseconds(KernelSet row)
    {
        var outputs = new float[Rows * Outputs];
        Action<float[]> run = Prepare(row);
        return BestTime.Milliseconds(() => run(outputs));
    }

    protected abstract Action<float[]> Prepare(KernelSet row);

    protected static sbyte[] Weights(int limit)
    {
        var weights = new sbyte[Outputs * Depth];
        for (int i = 0; i < weights.Length; i++)
            weights[i] = (sbyte)(i * 37 % (2 * limit + 1) - limit);
        return weights;
    }

    private sealed class FloatProduct() : Product("float")
    {
        protected override Action<float[]> Prepare(KernelSet row)
        {
            float[] weights = [.. Weights(7).Select(weight => (float)weight)];
            float[] activations = [.. Enumerable.Range(0, Rows * Depth).Select(i => (float)(i * 11 % 31 - 15))];
            PackedFloatWeights packed = row.FloatGemm.Pack(weights, [], Outputs, Depth);
            GemmGeometry geometry = GemmGeometry.Dense(Rows, Depth, Depth);
            return outputs => row.FloatGemm.Run(activations, geometry, packed, outputs, Outputs, float.MinValue, float.MaxValue);
        }
    }

    private sealed class HybridProduct(string name, bool fast) : Product(name)
    {
        protected override Action<float[]> Prepare(KernelSet row)
        {
            HybridGemm gemm = fast ? row.FastGemm : row.PreciseGemm;
            float[] scales = [.. Enumerable.Repeat(1f, Outputs)];
            PackedHybridWeights packed = gemm.Pack(Weights(127), scales, [], Outputs, 1, Depth);
            GemmGeometry geometry = GemmGeometry.Dense(Rows, Depth, Depth);
            var scale = new ActivationScale(1, fast ? 0 : -37, fast ? 0 : -128, 127);
            float[] activations = [.. Enumerable.Range(0, Rows * Depth).Select(i => (float)(i * 11 % (fast ? 128 : 256) + scale.Minimum - scale.ZeroPoint))];
            int shift = gemm.Form.Shift(scale.ZeroPoint);
            var stored = new byte[Rows * Depth * gemm.Form.Bytes() + HybridGemm.ReadAhead];
            row.ActivationQuantizer.Quantize(activations, scale, gemm.Form, shift, stored);
            float[] rowScale = [1];
            int[] correction = [scale.ZeroPoint + shift];
            return outputs => gemm.Run(stored, geometry, packed, rowScale, correction, outputs, Outputs, float.MinValue, float.MaxValue);
        }
    }
}
