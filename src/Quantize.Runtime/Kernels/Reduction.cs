using System.Runtime.CompilerServices;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Kernels;

/// <summary>How elements along an axis become one.</summary>
internal enum Fold
{
    Sum,
    Mean,
    Product,
    Maximum,
    Minimum,
    Any,
    All,
}

/// <summary>Float folds along the middle axis of [outer, length, inner].</summary>
internal abstract class Reduction
{
    public abstract void Run(Fold fold, ReadOnlySpan<float> source, AxisGeometry axis, Span<float> target);
}

internal sealed unsafe class Reduction<TIsa, TFloat> : Reduction
    where TIsa : struct, IFloatIsa<TFloat>
    where TFloat : unmanaged
{
    public override void Run(Fold fold, ReadOnlySpan<float> source, AxisGeometry axis, Span<float> target)
    {
        switch (fold)
        {
            case Fold.Sum or Fold.Mean: Run<SumFold>(source, axis, target); break;
            case Fold.Product: Run<ProductFold>(source, axis, target); break;
            case Fold.Maximum: Run<MaximumFold>(source, axis, target); break;
            case Fold.Minimum: Run<MinimumFold>(source, axis, target); break;
            default: throw new ArgumentOutOfRangeException(nameof(fold));
        }

        if (fold != Fold.Mean)
            return;
        foreach (ref float value in target[..(axis.Outer * axis.Inner)])
            value /= axis.Length;
    }

    private static void Run<TFold>(ReadOnlySpan<float> source, AxisGeometry axis, Span<float> target)
        where TFold : struct, IFold
    {
        // Element (o, k, i) of the source lies at (o * length + k) * inner + i: all below the product checked here.
        ArgumentOutOfRangeException.ThrowIfGreaterThan(checked(axis.Outer * axis.Length * axis.Inner), source.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(checked(axis.Outer * axis.Inner), target.Length);
        fixed (float* from = source, to = target)
        {
            for (nint outer = 0; outer < axis.Outer; outer++)
            {
                if (axis.Inner == 1)
                    to[outer] = Row<TFold>(from + outer * axis.Length, axis.Length);
                else
                    Columns<TFold>(from + outer * axis.Length * axis.Inner, axis.Length, axis.Inner, to + outer * axis.Inner);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Row<TFold>(float* source, nint length)
        where TFold : struct, IFold
    {
        nint lanes = TIsa.Lanes;
        TFloat folded = TIsa.Broadcast(TFold.Start);
        nint k = 0;
        for (; k <= length - lanes; k += lanes)
            folded = TFold.Next(folded, TIsa.Load(source + k));
        float* parts = stackalloc float[(int)lanes];
        TIsa.Store(parts, folded);
        float result = parts[0];
        for (nint i = 1; i < lanes; i++)
            result = TFold.NextScalar(result, parts[i]);
        for (; k < length; k++)
            result = TFold.NextScalar(result, source[k]);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns<TFold>(float* source, nint length, nint inner, float* target)
        where TFold : struct, IFold
    {
        nint lanes = TIsa.Lanes;
        nint i = 0;
        for (; i <= inner - lanes; i += lanes)
        {
            TFloat folded = TIsa.Broadcast(TFold.Start);
            for (nint k = 0; k < length; k++)
                folded = TFold.Next(folded, TIsa.Load(source + k * inner + i));
            TIsa.Store(target + i, folded);
        }

        for (; i < inner; i++)
        {
            float folded = TFold.Start;
            for (nint k = 0; k < length; k++)
                folded = TFold.NextScalar(folded, source[k * inner + i]);
            target[i] = folded;
        }
    }

    private interface IFold
    {
        static abstract float Start { get; }

        static abstract TFloat Next(TFloat folded, TFloat value);

        static abstract float NextScalar(float folded, float value);
    }

    private readonly struct SumFold : IFold
    {
        public static float Start => 0;

        public static TFloat Next(TFloat folded, TFloat value) => TIsa.Add(folded, value);

        public static float NextScalar(float folded, float value) => folded + value;
    }

    private readonly struct ProductFold : IFold
    {
        public static float Start => 1;

        public static TFloat Next(TFloat folded, TFloat value) => TIsa.Multiply(folded, value);

        public static float NextScalar(float folded, float value) => folded * value;
    }

    private readonly struct MaximumFold : IFold
    {
        public static float Start => float.NegativeInfinity;

        public static TFloat Next(TFloat folded, TFloat value) => TIsa.Max(folded, value);

        public static float NextScalar(float folded, float value) => MathF.Max(folded, value);
    }

    private readonly struct MinimumFold : IFold
    {
        public static float Start => float.PositiveInfinity;

        public static TFloat Next(TFloat folded, TFloat value) => TIsa.Min(folded, value);

        public static float NextScalar(float folded, float value) => MathF.Min(folded, value);
    }
}
