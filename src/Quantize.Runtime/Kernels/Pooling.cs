using System.Runtime.CompilerServices;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Kernels;

/// <summary>A window sliding over [batch, height, width, channels]; padding in front only, what lies behind follows from the sizes.</summary>
internal sealed record PoolGeometry(
    int Batch, int InputHeight, int InputWidth, int Channels, int OutputHeight, int OutputWidth,
    int FilterHeight, int FilterWidth, int StrideHeight, int StrideWidth, int PaddingTop, int PaddingLeft)
{
    /// <summary>Rows of output pixels in all images.</summary>
    public int Rows => Batch * OutputHeight;
}

/// <summary>Pools over float tensors; positions outside the input do not take part.</summary>
internal abstract class Pooling
{
    public void Max(ReadOnlySpan<float> input, PoolGeometry geometry, Span<float> output, float minimum, float maximum) =>
        Max(input, geometry, 0, geometry.Rows, output, minimum, maximum);

    /// <summary>Only <paramref name="rowCount"/> rows of pixels from <paramref name="firstRow"/> on, counted through all images.</summary>
    public abstract void Max(ReadOnlySpan<float> input, PoolGeometry geometry, int firstRow, int rowCount, Span<float> output, float minimum, float maximum);

    public void Average(ReadOnlySpan<float> input, PoolGeometry geometry, Span<float> output, float minimum, float maximum) =>
        Average(input, geometry, 0, geometry.Rows, output, minimum, maximum);

    /// <summary>Rows as in <see cref="Max(ReadOnlySpan{float}, PoolGeometry, int, int, Span{float}, float, float)"/>.</summary>
    public abstract void Average(ReadOnlySpan<float> input, PoolGeometry geometry, int firstRow, int rowCount, Span<float> output, float minimum, float maximum);
}

/// <summary>Channels innermost: each output pixel folds its window into one row of channels.</summary>
internal sealed unsafe class Pooling<TIsa, TFloat> : Pooling
    where TIsa : struct, IFloatIsa<TFloat>
    where TFloat : unmanaged
{
    public override void Max(ReadOnlySpan<float> input, PoolGeometry geometry, int firstRow, int rowCount, Span<float> output, float minimum, float maximum) =>
        Run<MaxFold>(input, geometry, firstRow, rowCount, output, minimum, maximum);

    public override void Average(ReadOnlySpan<float> input, PoolGeometry geometry, int firstRow, int rowCount, Span<float> output, float minimum, float maximum) =>
        Run<AverageFold>(input, geometry, firstRow, rowCount, output, minimum, maximum);

    private static void Run<TFold>(ReadOnlySpan<float> input, PoolGeometry g, int firstRow, int rowCount, Span<float> output, float minimum, float maximum)
        where TFold : struct, IFold
    {
        // Window positions are clamped to the input and channels run to g.Channels, so every access lies inside the two spans checked here.
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)firstRow + (uint)rowCount, (uint)g.Rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(g.Batch * g.InputHeight * g.InputWidth * g.Channels, input.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(g.Batch * g.OutputHeight * g.OutputWidth * g.Channels, output.Length);
        fixed (float* source = input, target = output)
        {
            float* to = target + (nint)firstRow * g.OutputWidth * g.Channels;
            for (int row = firstRow; row < firstRow + rowCount; row++)
            {
                (int b, int y) = Math.DivRem(row, g.OutputHeight);
                float* image = source + (nint)b * g.InputHeight * g.InputWidth * g.Channels;
                int top = y * g.StrideHeight - g.PaddingTop;
                int firstLine = Math.Max(top, 0), lastLine = Math.Min(top + g.FilterHeight, g.InputHeight);
                for (int x = 0; x < g.OutputWidth; x++, to += g.Channels)
                {
                    int left = x * g.StrideWidth - g.PaddingLeft;
                    int firstColumn = Math.Max(left, 0), lastColumn = Math.Min(left + g.FilterWidth, g.InputWidth);
                    var window = new Window(
                        image + ((nint)firstLine * g.InputWidth + firstColumn) * g.Channels, Math.Max(0, lastLine - firstLine), Math.Max(0, lastColumn - firstColumn), (nint)g.InputWidth * g.Channels);
                    Pixel<TFold>(window, g.Channels, to, minimum, maximum);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pixel<TFold>(in Window window, int channels, float* target, float minimum, float maximum)
        where TFold : struct, IFold
    {
        int lanes = TIsa.Lanes;
        TFloat low = TIsa.Broadcast(minimum), high = TIsa.Broadcast(maximum);
        float count = window.Rows * window.Columns;
        nint c = 0;
        for (; c <= channels - lanes; c += lanes)
        {
            TFloat folded = TIsa.Broadcast(TFold.Start);
            for (nint i = 0; i < window.Rows; i++)
            {
                float* p = window.Start + i * window.RowStride + c;
                for (nint j = 0; j < window.Columns; j++, p += channels)
                    folded = TFold.Fold(folded, TIsa.Load(p));
            }

            TIsa.Store(target + c, TIsa.MinNative(high, TIsa.MaxNative(low, TFold.Finish(folded, TIsa.Broadcast(count)))));
        }

        for (; c < channels; c++)
        {
            float folded = TFold.Start;
            for (nint i = 0; i < window.Rows; i++)
            {
                float* p = window.Start + i * window.RowStride + c;
                for (nint j = 0; j < window.Columns; j++, p += channels)
                    folded = TFold.FoldScalar(folded, *p);
            }

            target[c] = MathF.Min(MathF.Max(TFold.FinishScalar(folded, count), minimum), maximum);
        }
    }

    private readonly struct Window(float* start, int rows, int columns, nint rowStride)
    {
        public readonly float* Start = start;
        public readonly nint Rows = rows;
        public readonly nint Columns = columns;
        public readonly nint RowStride = rowStride;
    }

    private interface IFold
    {
        static abstract float Start { get; }

        static abstract TFloat Fold(TFloat a, TFloat b);

        static abstract float FoldScalar(float a, float b);

        static abstract TFloat Finish(TFloat folded, TFloat count);

        static abstract float FinishScalar(float folded, float count);
    }

    private readonly struct MaxFold : IFold
    {
        public static float Start => float.NegativeInfinity;

        public static TFloat Fold(TFloat a, TFloat b) => TIsa.Max(a, b);

        public static float FoldScalar(float a, float b) => MathF.Max(a, b);

        public static TFloat Finish(TFloat folded, TFloat count) => folded;

        public static float FinishScalar(float folded, float count) => folded;
    }

    private readonly struct AverageFold : IFold
    {
        public static float Start => 0;

        public static TFloat Fold(TFloat a, TFloat b) => TIsa.Add(a, b);

        public static float FoldScalar(float a, float b) => a + b;

        public static TFloat Finish(TFloat folded, TFloat count) => TIsa.Divide(folded, count);

        public static float FinishScalar(float folded, float count) => folded / count;
    }
}
