using System.Diagnostics;
using System.Runtime.CompilerServices;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Kernels;

/// <summary>C = clamp((A * weights^T) * rowScale * outputScale + bias) with 8-bit weights and activations quantized as <see cref="Form"/> says.</summary>
internal abstract class HybridGemm
{
    /// <summary>Bytes past the operand's extent that a row's last group may read (their weights are zero).</summary>
    public const int ReadAhead = 4;

    public abstract ActivationForm Form { get; }

    /// <summary>Columns of one panel of packed weights.</summary>
    public abstract int PanelWidth { get; }

    public PackedHybridWeights Pack(ReadOnlySpan<sbyte> weights, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, int outputs, int segments, int segmentLength) =>
        new(weights, scales, bias, outputs, segments, segmentLength, PanelWidth, Form);

    /// <summary>
    /// Row m of A as <paramref name="geometry"/> says, in stored activations, with its scale and correction (what the stored values exceed the centered ones by):
    /// one of each for all rows, or one for each row.
    /// </summary>
    public abstract void Run(
        ReadOnlySpan<byte> a, GemmGeometry geometry, PackedHybridWeights weights, ReadOnlySpan<float> rowScales, ReadOnlySpan<int> corrections,
        Span<float> c, int stride, float minimum, float maximum);
}

/// <summary>The tiles of <see cref="FloatGemm{TIsa,TFloat}"/> over groups of 8-bit products.</summary>
internal sealed unsafe class HybridGemm<TIsa, TFloat, TInt, TDot> : HybridGemm
    where TIsa : struct, IIsa<TFloat, TInt>
    where TDot : struct, IDot<TInt>
    where TFloat : unmanaged
    where TInt : unmanaged
{
    private const int TileRows = 6;

    public override ActivationForm Form => TDot.Form;

    public override int PanelWidth => 2 * TIsa.Lanes;

    public override void Run(
        ReadOnlySpan<byte> a, GemmGeometry geometry, PackedHybridWeights weights, ReadOnlySpan<float> rowScales, ReadOnlySpan<int> corrections,
        Span<float> c, int stride, float minimum, float maximum)
    {
        // Every read of A lies below Extent elements plus one group, every read of the panels below panels * PanelLength, and row m of C ends at
        // m * stride + Outputs: these checks are all that the pointers below rely on.
        Debug.Assert(weights.Width == PanelWidth && weights.Form == Form);
        if (geometry.Rows == 0)
            return;
        int elementBytes = Form.Bytes();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(geometry.Extent * elementBytes + ReadAhead, a.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((geometry.Rows - 1) * stride + weights.Outputs, c.Length);
        bool scaleEachRow = rowScales.Length > 1;
        ArgumentOutOfRangeException.ThrowIfLessThan(rowScales.Length, scaleEachRow ? geometry.Rows : 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(corrections.Length, rowScales.Length);
        fixed (byte* pa = a)
        fixed (sbyte* panels = weights.Panels)
        fixed (float* scales = weights.Scales, bias = weights.Bias, pc = c, pRowScales = rowScales)
        fixed (int* sums = weights.Sums, pCorrections = corrections, rows = geometry.RowOffsets, segments = geometry.SegmentOffsets)
        {
            var tile = new TileArguments(segments, geometry.SegmentOffsets.Length, weights.GroupsPerSegment, elementBytes, minimum, maximum);
            if (geometry.Rows == 1)
                RunRow(pa + rows[0] * elementBytes, tile, panels, weights, scales, bias, sums, pRowScales[0], pCorrections[0], pc);
            else
                RunTiles(pa, rows, geometry.Rows, tile, panels, weights, scales, bias, sums, pRowScales, pCorrections, scaleEachRow, pc, stride);
        }
    }

    private void RunTiles(
        byte* a, int* rows, int rowCount, in TileArguments tile, sbyte* panels, PackedHybridWeights weights, float* scales, float* bias, int* sums,
        float* rowScales, int* corrections, bool scaleEachRow, float* c, int stride)
    {
        int width = PanelWidth;
        float* edge = stackalloc float[TileRows * width];
        byte** sources = stackalloc byte*[TileRows];
        float** targets = stackalloc float*[TileRows];
        float* tileScales = stackalloc float[TileRows];
        int* tileCorrections = stackalloc int[TileRows];
        for (int i = 0; i < TileRows; i++)
            (tileScales[i], tileCorrections[i]) = (rowScales[0], corrections[0]);
        for (int n = 0; n < weights.Outputs; n += width, panels += weights.PanelLength)
        {
            int columns = Math.Min(width, weights.Outputs - n);
            bool whole = columns == width;
            for (int m = 0; m < rowCount; m += TileRows)
            {
                for (int i = 0; i < TileRows; i++)
                {
                    int row = Math.Min(m + i, rowCount - 1); // rows past the end repeat the last one
                    sources[i] = a + (nint)rows[row] * tile.ElementBytes;
                    targets[i] = whole ? c + (nint)row * stride + n : edge + i * width;
                    if (scaleEachRow)
                        (tileScales[i], tileCorrections[i]) = (rowScales[row], corrections[row]);
                }

                Tile(sources, tile, panels, scales + n, bias + n, sums + n, tileScales, tileCorrections, targets);
                for (int i = 0; !whole && i < Math.Min(TileRows, rowCount - m); i++)
                    new ReadOnlySpan<float>(edge + i * width, columns).CopyTo(new Span<float>(c + (nint)(m + i) * stride + n, columns));
            }
        }
    }

    private void RunRow(
        byte* a, in TileArguments tile, sbyte* panels, PackedHybridWeights weights, float* scales, float* bias, int* sums, float rowScale, int correction, float* c)
    {
        int width = PanelWidth;
        float* edge = stackalloc float[4 * width];
        int n = 0;
        for (; n + 4 * width <= weights.Outputs; n += 4 * width, panels += 4 * weights.PanelLength)
            Row4(a, tile, panels, weights.PanelLength, scales + n, bias + n, sums + n, rowScale, correction, c + n);
        for (; n < weights.Outputs; n += width, panels += weights.PanelLength)
        {
            int columns = Math.Min(width, weights.Outputs - n);
            Row1(a, tile, panels, scales + n, bias + n, sums + n, rowScale, correction, edge);
            new ReadOnlySpan<float>(edge, columns).CopyTo(new Span<float>(c + n, columns));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(
        byte** sources, in TileArguments tile, sbyte* b, float* scales, float* bias, int* sums, float* rowScales, int* corrections, float** targets)
    {
        nint vectorBytes = TIsa.Lanes * TDot.Form.GroupSize();
        TInt c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default;
        TInt c30 = default, c31 = default, c40 = default, c41 = default, c50 = default, c51 = default;
        int* segments = tile.Segments;
        nint length = 4 * tile.GroupsPerSegment;
        for (nint s = 0; s < tile.SegmentCount; s++)
        {
            nint at = (nint)segments[s] * tile.ElementBytes;
            byte* p0 = sources[0] + at, p1 = sources[1] + at, p2 = sources[2] + at, p3 = sources[3] + at, p4 = sources[4] + at, p5 = sources[5] + at;
            for (nint k = 0; k < length; k += 4, b += 2 * vectorBytes)
            {
                TInt b0 = TDot.LoadWeights(b), b1 = TDot.LoadWeights(b + vectorBytes);
                TInt x = TIsa.BroadcastInt(*(int*)(p0 + k));
                c00 = TDot.Dot(c00, x, b0);
                c01 = TDot.Dot(c01, x, b1);
                x = TIsa.BroadcastInt(*(int*)(p1 + k));
                c10 = TDot.Dot(c10, x, b0);
                c11 = TDot.Dot(c11, x, b1);
                x = TIsa.BroadcastInt(*(int*)(p2 + k));
                c20 = TDot.Dot(c20, x, b0);
                c21 = TDot.Dot(c21, x, b1);
                x = TIsa.BroadcastInt(*(int*)(p3 + k));
                c30 = TDot.Dot(c30, x, b0);
                c31 = TDot.Dot(c31, x, b1);
                x = TIsa.BroadcastInt(*(int*)(p4 + k));
                c40 = TDot.Dot(c40, x, b0);
                c41 = TDot.Dot(c41, x, b1);
                x = TIsa.BroadcastInt(*(int*)(p5 + k));
                c50 = TDot.Dot(c50, x, b0);
                c51 = TDot.Dot(c51, x, b1);
            }
        }

        Store(targets[0], c00, c01, scales, bias, sums, rowScales[0], corrections[0], tile);
        Store(targets[1], c10, c11, scales, bias, sums, rowScales[1], corrections[1], tile);
        Store(targets[2], c20, c21, scales, bias, sums, rowScales[2], corrections[2], tile);
        Store(targets[3], c30, c31, scales, bias, sums, rowScales[3], corrections[3], tile);
        Store(targets[4], c40, c41, scales, bias, sums, rowScales[4], corrections[4], tile);
        Store(targets[5], c50, c51, scales, bias, sums, rowScales[5], corrections[5], tile);
    }

    /// <summary>One row by four panels, two vectors of each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row4(
        byte* a, in TileArguments tile, sbyte* b, nint panelLength, float* scales, float* bias, int* sums, float rowScale, int correction, float* c)
    {
        nint vectorBytes = TIsa.Lanes * TDot.Form.GroupSize();
        sbyte* q1 = b + panelLength, q2 = q1 + panelLength, q3 = q2 + panelLength;
        TInt c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
        nint length = 4 * tile.GroupsPerSegment;
        nint offset = 0;
        for (nint s = 0; s < tile.SegmentCount; s++)
        {
            byte* p = a + (nint)tile.Segments[s] * tile.ElementBytes;
            for (nint k = 0; k < length; k += 4, offset += 2 * vectorBytes)
            {
                TInt x = TIsa.BroadcastInt(*(int*)(p + k));
                c0 = TDot.Dot(c0, x, TDot.LoadWeights(b + offset));
                c1 = TDot.Dot(c1, x, TDot.LoadWeights(b + offset + vectorBytes));
                c2 = TDot.Dot(c2, x, TDot.LoadWeights(q1 + offset));
                c3 = TDot.Dot(c3, x, TDot.LoadWeights(q1 + offset + vectorBytes));
                c4 = TDot.Dot(c4, x, TDot.LoadWeights(q2 + offset));
                c5 = TDot.Dot(c5, x, TDot.LoadWeights(q2 + offset + vectorBytes));
                c6 = TDot.Dot(c6, x, TDot.LoadWeights(q3 + offset));
                c7 = TDot.Dot(c7, x, TDot.LoadWeights(q3 + offset + vectorBytes));
            }
        }

        nint width = 2 * TIsa.Lanes;
        Store(c, c0, c1, scales, bias, sums, rowScale, correction, tile);
        Store(c + width, c2, c3, scales + width, bias + width, sums + width, rowScale, correction, tile);
        Store(c + 2 * width, c4, c5, scales + 2 * width, bias + 2 * width, sums + 2 * width, rowScale, correction, tile);
        Store(c + 3 * width, c6, c7, scales + 3 * width, bias + 3 * width, sums + 3 * width, rowScale, correction, tile);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row1(byte* a, in TileArguments tile, sbyte* b, float* scales, float* bias, int* sums, float rowScale, int correction, float* c)
    {
        nint vectorBytes = TIsa.Lanes * TDot.Form.GroupSize();
        TInt c0 = default, c1 = default;
        nint length = 4 * tile.GroupsPerSegment;
        for (nint s = 0; s < tile.SegmentCount; s++)
        {
            byte* p = a + (nint)tile.Segments[s] * tile.ElementBytes;
            for (nint k = 0; k < length; k += 4, b += 2 * vectorBytes)
            {
                TInt x = TIsa.BroadcastInt(*(int*)(p + k));
                c0 = TDot.Dot(c0, x, TDot.LoadWeights(b));
                c1 = TDot.Dot(c1, x, TDot.LoadWeights(b + vectorBytes));
            }
        }

        Store(c, c0, c1, scales, bias, sums, rowScale, correction, tile);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* target, TInt first, TInt second, float* scales, float* bias, int* sums, float rowScale, int correction, in TileArguments tile)
    {
        nint lanes = TIsa.Lanes;
        TInt excess = TIsa.BroadcastInt(correction);
        TFloat scale = TIsa.Broadcast(rowScale), low = TIsa.Broadcast(tile.Minimum), high = TIsa.Broadcast(tile.Maximum);
        TFloat f0 = TIsa.ToFloat(TIsa.MultiplySubtract(first, excess, TIsa.LoadInt(sums)));
        TFloat f1 = TIsa.ToFloat(TIsa.MultiplySubtract(second, excess, TIsa.LoadInt(sums + lanes)));
        f0 = TIsa.MultiplyAdd(f0, TIsa.Multiply(scale, TIsa.Load(scales)), TIsa.Load(bias));
        f1 = TIsa.MultiplyAdd(f1, TIsa.Multiply(scale, TIsa.Load(scales + lanes)), TIsa.Load(bias + lanes));
        TIsa.Store(target, TIsa.MinNative(high, TIsa.MaxNative(low, f0)));
        TIsa.Store(target + lanes, TIsa.MinNative(high, TIsa.MaxNative(low, f1)));
    }

    /// <summary>What all tiles of one product share.</summary>
    private readonly struct TileArguments(int* segments, nint segmentCount, nint groupsPerSegment, int elementBytes, float minimum, float maximum)
    {
        public readonly int* Segments = segments;
        public readonly nint SegmentCount = segmentCount;
        public readonly nint GroupsPerSegment = groupsPerSegment;
        public readonly int ElementBytes = elementBytes;
        public readonly float Minimum = minimum;
        public readonly float Maximum = maximum;
    }
}
