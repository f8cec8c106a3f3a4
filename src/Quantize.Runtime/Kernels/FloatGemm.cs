using System.Diagnostics;
using System.Runtime.CompilerServices;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Kernels;

/// <summary>C = clamp(A * weights^T + bias): convolutions and dense layers in float.</summary>
internal abstract class FloatGemm
{
    /// <summary>Columns of one panel of packed weights.</summary>
    public abstract int PanelWidth { get; }

    public PackedFloatWeights Pack(ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, int outputs, int depth) => new(weights, bias, outputs, depth, PanelWidth);

    /// <summary>Row m of A as <paramref name="geometry"/> says; row m of C at m * <paramref name="stride"/>.</summary>
    public void Run(ReadOnlySpan<float> a, GemmGeometry geometry, PackedFloatWeights weights, Span<float> c, int stride, float minimum, float maximum)
    {
        Debug.Assert(weights.Width == PanelWidth && weights.Depth == geometry.Depth);
        Run(a, geometry, weights.Data, weights.Bias, weights.Outputs, c, stride, minimum, maximum);
    }

    /// <summary>
    /// The product with a matrix computed in this run, packed into <paramref name="panels"/> first: [<paramref name="columns"/>, depth] where
    /// <paramref name="transposed"/>, else [depth, columns]. No bias, no clamp.
    /// </summary>
    public void RunUnpacked(ReadOnlySpan<float> a, GemmGeometry geometry, ReadOnlySpan<float> b, bool transposed, Span<float> panels, int columns, Span<float> c)
    {
        panels.Clear();
        if (transposed)
            PackedFloatWeights.PackRows(b, columns, geometry.Depth, PanelWidth, panels);
        else
            PackedFloatWeights.PackColumns(b, columns, geometry.Depth, PanelWidth, panels);
        Run(a, geometry, panels, [], columns, c, columns, float.NegativeInfinity, float.PositiveInfinity);
    }

    /// <summary>As the public form, over bare panels; an empty bias is zeros.</summary>
    protected abstract void Run(
        ReadOnlySpan<float> a, GemmGeometry geometry, ReadOnlySpan<float> panels, ReadOnlySpan<float> bias, int outputs, Span<float> c, int stride, float minimum, float maximum);
}

/// <summary>
/// Tiles of six rows by two vectors: twelve accumulators fit the registers of every instruction set. One row alone reads four panels side by side instead, so
/// that eight accumulators hide the latency of the multiply-add while the weights stream by.
/// </summary>
internal sealed unsafe class FloatGemm<TIsa, TFloat> : FloatGemm
    where TIsa : struct, IFloatIsa<TFloat>
    where TFloat : unmanaged
{
    private const int TileRows = 6;

    public override int PanelWidth => 2 * TIsa.Lanes;

    protected override void Run(
        ReadOnlySpan<float> a, GemmGeometry geometry, ReadOnlySpan<float> panels, ReadOnlySpan<float> bias, int outputs, Span<float> c, int stride, float minimum, float maximum)
    {
        // Every read of A lies below geometry.Extent, every read of the panels and the bias below whole panels of the outputs, and row m of C ends at
        // m * stride + outputs: these checks are all that the pointers below rely on.
        if (geometry.Rows == 0 || outputs == 0)
            return;
        int wholeOutputs = (outputs + PanelWidth - 1) / PanelWidth * PanelWidth;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(geometry.Extent, a.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(checked(wholeOutputs * geometry.Depth), panels.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bias.IsEmpty ? 0 : wholeOutputs, bias.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((geometry.Rows - 1) * stride + outputs, c.Length);
        fixed (float* pa = a, pb = panels, pBias = bias, pc = c)
        fixed (int* rows = geometry.RowOffsets, segments = geometry.SegmentOffsets)
        {
            var tile = new TileArguments(segments, geometry.SegmentOffsets.Length, geometry.SegmentLength, minimum, maximum);
            var matrix = new Matrix(pb, pBias, outputs, (nint)geometry.Depth * PanelWidth);
            if (geometry.Rows == 1)
                RunRow(pa + rows[0], tile, matrix, pc);
            else
                RunTiles(pa, rows, geometry.Rows, tile, matrix, pc, stride);
        }
    }

    private void RunTiles(float* a, int* rows, int rowCount, in TileArguments tile, in Matrix matrix, float* c, int stride)
    {
        int width = PanelWidth;
        float* edge = stackalloc float[TileRows * width];
        float* noBias = stackalloc float[width];
        float** sources = stackalloc float*[TileRows];
        float** targets = stackalloc float*[TileRows];
        float* panel = matrix.Panels;
        for (int n = 0; n < matrix.Outputs; n += width, panel += matrix.PanelLength)
        {
            int columns = Math.Min(width, matrix.Outputs - n);
            bool whole = columns == width;
            float* bias = matrix.Bias == null ? noBias : matrix.Bias + n;
            for (int m = 0; m < rowCount; m += TileRows)
            {
                for (int i = 0; i < TileRows; i++)
                {
                    int row = Math.Min(m + i, rowCount - 1); // rows past the end repeat the last one
                    sources[i] = a + rows[row];
                    targets[i] = whole ? c + (nint)row * stride + n : edge + i * width;
                }

                Tile(sources, tile, panel, bias, targets);
                for (int i = 0; !whole && i < Math.Min(TileRows, rowCount - m); i++)
                    new ReadOnlySpan<float>(edge + i * width, columns).CopyTo(new Span<float>(c + (nint)(m + i) * stride + n, columns));
            }
        }
    }

    private void RunRow(float* a, in TileArguments tile, in Matrix matrix, float* c)
    {
        int width = PanelWidth;
        float* edge = stackalloc float[width];
        float* noBias = stackalloc float[4 * width];
        float* panel = matrix.Panels;
        int n = 0;
        for (; n + 4 * width <= matrix.Outputs; n += 4 * width, panel += 4 * matrix.PanelLength)
            Row4(a, tile, panel, matrix.PanelLength, matrix.Bias == null ? noBias : matrix.Bias + n, c + n);
        for (; n < matrix.Outputs; n += width, panel += matrix.PanelLength)
        {
            int columns = Math.Min(width, matrix.Outputs - n);
            Row1(a, tile, panel, matrix.Bias == null ? noBias : matrix.Bias + n, edge);
            new ReadOnlySpan<float>(edge, columns).CopyTo(new Span<float>(c + n, columns));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(float** sources, in TileArguments tile, float* b, float* bias, float** targets)
    {
        nint lanes = TIsa.Lanes;
        TFloat c00 = TIsa.Load(bias), c01 = TIsa.Load(bias + lanes);
        TFloat c10 = c00, c11 = c01, c20 = c00, c21 = c01, c30 = c00, c31 = c01, c40 = c00, c41 = c01, c50 = c00, c51 = c01;
        int* segments = tile.Segments;
        nint length = tile.SegmentLength;
        for (nint s = 0; s < tile.SegmentCount; s++)
        {
            nint at = segments[s];
            float* p0 = sources[0] + at, p1 = sources[1] + at, p2 = sources[2] + at, p3 = sources[3] + at, p4 = sources[4] + at, p5 = sources[5] + at;
            for (nint k = 0; k < length; k++, b += 2 * lanes)
            {
                TFloat b0 = TIsa.Load(b), b1 = TIsa.Load(b + lanes);
                TFloat x = TIsa.Broadcast(p0[k]);
                c00 = TIsa.MultiplyAdd(x, b0, c00);
                c01 = TIsa.MultiplyAdd(x, b1, c01);
                x = TIsa.Broadcast(p1[k]);
                c10 = TIsa.MultiplyAdd(x, b0, c10);
                c11 = TIsa.MultiplyAdd(x, b1, c11);
                x = TIsa.Broadcast(p2[k]);
                c20 = TIsa.MultiplyAdd(x, b0, c20);
                c21 = TIsa.MultiplyAdd(x, b1, c21);
                x = TIsa.Broadcast(p3[k]);
                c30 = TIsa.MultiplyAdd(x, b0, c30);
                c31 = TIsa.MultiplyAdd(x, b1, c31);
                x = TIsa.Broadcast(p4[k]);
                c40 = TIsa.MultiplyAdd(x, b0, c40);
                c41 = TIsa.MultiplyAdd(x, b1, c41);
                x = TIsa.Broadcast(p5[k]);
                c50 = TIsa.MultiplyAdd(x, b0, c50);
                c51 = TIsa.MultiplyAdd(x, b1, c51);
            }
        }

        TFloat low = TIsa.Broadcast(tile.Minimum), high = TIsa.Broadcast(tile.Maximum);
        Store(targets[0], c00, c01, low, high);
        Store(targets[1], c10, c11, low, high);
        Store(targets[2], c20, c21, low, high);
        Store(targets[3], c30, c31, low, high);
        Store(targets[4], c40, c41, low, high);
        Store(targets[5], c50, c51, low, high);
    }

    /// <summary>One row by four panels, two vectors of each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row4(float* a, in TileArguments tile, float* b, nint panelLength, float* bias, float* c)
    {
        nint lanes = TIsa.Lanes;
        float* q1 = b + panelLength, q2 = q1 + panelLength, q3 = q2 + panelLength;
        TFloat c0 = TIsa.Load(bias), c1 = TIsa.Load(bias + lanes), c2 = TIsa.Load(bias + 2 * lanes), c3 = TIsa.Load(bias + 3 * lanes);
        TFloat c4 = TIsa.Load(bias + 4 * lanes), c5 = TIsa.Load(bias + 5 * lanes), c6 = TIsa.Load(bias + 6 * lanes), c7 = TIsa.Load(bias + 7 * lanes);
        nint length = tile.SegmentLength;
        nint offset = 0;
        for (nint s = 0; s < tile.SegmentCount; s++)
        {
            float* p = a + tile.Segments[s];
            for (nint k = 0; k < length; k++, offset += 2 * lanes)
            {
                TFloat x = TIsa.Broadcast(p[k]);
                c0 = TIsa.MultiplyAdd(x, TIsa.Load(b + offset), c0);
                c1 = TIsa.MultiplyAdd(x, TIsa.Load(b + offset + lanes), c1);
                c2 = TIsa.MultiplyAdd(x, TIsa.Load(q1 + offset), c2);
                c3 = TIsa.MultiplyAdd(x, TIsa.Load(q1 + offset + lanes), c3);
                c4 = TIsa.MultiplyAdd(x, TIsa.Load(q2 + offset), c4);
                c5 = TIsa.MultiplyAdd(x, TIsa.Load(q2 + offset + lanes), c5);
                c6 = TIsa.MultiplyAdd(x, TIsa.Load(q3 + offset), c6);
                c7 = TIsa.MultiplyAdd(x, TIsa.Load(q3 + offset + lanes), c7);
            }
        }

        TFloat low = TIsa.Broadcast(tile.Minimum), high = TIsa.Broadcast(tile.Maximum);
        Store(c, c0, c1, low, high);
        Store(c + 2 * lanes, c2, c3, low, high);
        Store(c + 4 * lanes, c4, c5, low, high);
        Store(c + 6 * lanes, c6, c7, low, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row1(float* a, in TileArguments tile, float* b, float* bias, float* c)
    {
        nint lanes = TIsa.Lanes;
        TFloat c0 = TIsa.Load(bias), c1 = TIsa.Load(bias + lanes);
        for (nint s = 0; s < tile.SegmentCount; s++)
        {
            float* p = a + tile.Segments[s];
            for (nint k = 0; k < tile.SegmentLength; k++, b += 2 * lanes)
            {
                TFloat x = TIsa.Broadcast(p[k]);
                c0 = TIsa.MultiplyAdd(x, TIsa.Load(b), c0);
                c1 = TIsa.MultiplyAdd(x, TIsa.Load(b + lanes), c1);
            }
        }

        Store(c, c0, c1, TIsa.Broadcast(tile.Minimum), TIsa.Broadcast(tile.Maximum));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* target, TFloat first, TFloat second, TFloat low, TFloat high)
    {
        TIsa.Store(target, TIsa.Min(TIsa.Max(first, low), high));
        TIsa.Store(target + TIsa.Lanes, TIsa.Min(TIsa.Max(second, low), high));
    }

    /// <summary>The right operand, packed; a null bias is zeros.</summary>
    private readonly struct Matrix(float* panels, float* bias, int outputs, nint panelLength)
    {
        public readonly float* Panels = panels;
        public readonly float* Bias = bias;
        public readonly int Outputs = outputs;
        public readonly nint PanelLength = panelLength;
    }

    /// <summary>What all tiles of one product share.</summary>
    private readonly struct TileArguments(int* segments, nint segmentCount, nint segmentLength, float minimum, float maximum)
    {
        public readonly int* Segments = segments;
        public readonly nint SegmentCount = segmentCount;
        public readonly nint SegmentLength = segmentLength;
        public readonly float Minimum = minimum;
        public readonly float Maximum = maximum;
    }
}
