using System.Runtime.CompilerServices;

namespace Quantize.Runtime.Kernels;

/// <content>Multiplication and addition of one row to all rows.</content>
internal sealed unsafe partial class Elementwise<TIsa, TFloat>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Affine(ReadOnlySpan<float> source, ReadOnlySpan<float> factor, ReadOnlySpan<float> offset, Span<float> target, float minimum, float maximum)
    {
        // Whole rows of source and target are walked, each as long as factor and offset: equal lengths that the rows divide are all that is relied on.
        int length = factor.Length;
        ArgumentOutOfRangeException.ThrowIfNotEqual(offset.Length, length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.Length, target.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(length == 0 ? source.Length : source.Length % length, 0);
        nint lanes = TIsa.Lanes, whole = length - length % lanes;
        TFloat low = TIsa.Broadcast(minimum), high = TIsa.Broadcast(maximum);
        fixed (float* from = source, to = target, factors = factor, offsets = offset)
        {
            for (nint row = 0; row < source.Length; row += length)
            {
                float* x = from + row, y = to + row;
                for (nint i = 0; i < whole; i += lanes)
                {
                    TFloat sum = TIsa.Add(TIsa.Multiply(TIsa.Load(x + i), TIsa.Load(factors + i)), TIsa.Load(offsets + i)); // rounded twice, as by two operators
                    TIsa.Store(y + i, TIsa.MinNative(high, TIsa.MaxNative(low, sum)));
                }

                for (nint i = whole; i < length; i++)
                {
                    float sum = (x[i] * factors[i]) + offsets[i];
                    y[i] = sum < minimum ? minimum : sum > maximum ? maximum : sum;
                }
            }
        }
    }
}
