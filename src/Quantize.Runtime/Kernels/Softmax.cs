using System.Runtime.CompilerServices;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Kernels;

/// <summary>exp(beta * (x - max)) over its sum, row by row.</summary>
internal abstract class Softmax
{
    public abstract void Run(ReadOnlySpan<float> input, int rowLength, float beta, Span<float> output);
}

internal sealed unsafe class Softmax<TIsa, TFloat> : Softmax
    where TIsa : struct, IFloatIsa<TFloat>
    where TFloat : unmanaged
{
    public override void Run(ReadOnlySpan<float> input, int rowLength, float beta, Span<float> output)
    {
        for (int at = 0; at < input.Length; at += rowLength)
            Row(input.Slice(at, rowLength), beta, output.Slice(at, rowLength));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row(ReadOnlySpan<float> input, float beta, Span<float> output)
    {
        float greatest = float.NegativeInfinity;
        foreach (float value in input)
            greatest = MathF.Max(greatest, value);
        if (float.IsNegativeInfinity(greatest))
            greatest = 0; // a row of nothing but -inf has no answer: 0 / 0

        int lanes = TIsa.Lanes;
        float* rest = stackalloc float[lanes];
        TFloat top = TIsa.Broadcast(greatest), slope = TIsa.Broadcast(beta), sums = TIsa.Broadcast(0);
        float sum;
        fixed (float* from = input, to = output)
        {
            int i = 0;
            for (; i <= input.Length - lanes; i += lanes)
            {
                TFloat e = Transcendental<TIsa, TFloat>.Exp(TIsa.Multiply(TIsa.Subtract(TIsa.Load(from + i), top), slope));
                sums = TIsa.Add(sums, e);
                TIsa.Store(to + i, e);
            }

            sum = TIsa.SumAcross(sums);
            int left = input.Length - i;
            if (left > 0)
            {
                input[i..].CopyTo(new Span<float>(rest, lanes));
                TIsa.Store(rest, Transcendental<TIsa, TFloat>.Exp(TIsa.Multiply(TIsa.Subtract(TIsa.Load(rest), top), slope)));
                for (int j = 0; j < left; j++)
                    sum += to[i + j] = rest[j];
            }
        }

        foreach (ref float value in output)
            value /= sum;
    }
}
