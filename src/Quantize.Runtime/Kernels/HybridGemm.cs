using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Kernels;

/// <summary>
/// C = clamp((A * weights^T) * rowScale * outputScale + bias) with 8-bit weights and activations quantized as <see cref="Form"/> says; or the exact integer sums.
/// </summary>
internal abstract class HybridGemm
{
    /// <summary>Bytes past the operand's extent that a row's last group may read (their weights are zero).</summary>
    public const int ReadAhead = 4;

    public abstract ActivationForm Form { get; }

    /// <summary>Columns of one panel of packed weights.</summary>
    public abstract int PanelWidth { get; }

    public PackedHybridWeights Pack(ReadOnlySpan<sbyte> weights, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, int outputs, int segments, int segmentLength) =>
        new(weights, scales, bias, outputs, segments, segmentLength, PanelWidth, Form);

    /// <summary>Weights for <see cref="RunSums"/>: no scales, and a bias that the sums start from.</summary>
    public PackedHybridWeights Pack(ReadOnlySpan<sbyte> weights, ReadOnlySpan<int> bias, int outputs, int segments, int segmentLength) =>
        new(weights, [1], MemoryMarshal.Cast<int, float>(bias), outputs, segments, segmentLength, PanelWidth, Form);

    /// <summary>
    /// Row m of A as <paramref name="geometry"/> says, in stored activations, with its scale and correction (what the stored values exceed the centered ones by):
    /// one of each for all rows, or one for each row.
    /// </summary>
    public void Run(
        ReadOnlySpan<byte> a, GemmGeometry geometry, PackedHybridWeights weights, ReadOnlySpan<float> rowScales, ReadOnlySpan<int> corrections,
        Span<float> c, int stride, float minimum, float maximum) =>
        Run(a, geometry, new GemmPart(geometry.Rows, weights.Outputs), weights, rowScales, corrections, c, stride, minimum, maximum);

    /// <summary>Only a part of it, and nothing else of C is written. An element does not depend on the part that it is computed in.</summary>
    public abstract void Run(
        ReadOnlySpan<byte> a, GemmGeometry geometry, in GemmPart part, PackedHybridWeights weights, ReadOnlySpan<float> rowScales, ReadOnlySpan<int> corrections,
        Span<float> c, int stride, float minimum, float maximum);

    /// <summary>
    /// C = A * weights^T + bias, exact modulo 2^32, for <paramref name="count"/> rows of the geometry from <paramref name="first"/> on; what the stored activations exceed
    /// the centered ones by is the same for all rows. The integers are the same on every instruction set.
    /// </summary>
    public abstract void RunSums(ReadOnlySpan<byte> a, GemmGeometry geometry, int first, int count, PackedHybridWeights weights, int correction, Span<int> c);
}

/// <summary>The tiles of <see cref="FloatGemm{TIsa,TFloat}"/> over groups of 8-bit products.</summary>
internal sealed unsafe class HybridGemm<TIsa, TFloat, TInt, TDot> : HybridGemm
    where TIsa : struct, IIsa<TFloat, TInt>
    where TDot : struct, IDot<TInt>
    where TFloat : unmanaged
    where TInt : unmanaged
{
    public override ActivationForm Form => TDot.Form;

    public override int PanelWidth => 2 * TIsa.Lanes;

    public override void Run(
        ReadOnlySpan<byte> a, GemmGeometry geometry, in GemmPart part, PackedHybridWeights weights, ReadOnlySpan<float> rowScales, ReadOnlySpan<int> corrections,
        Span<float> c, int stride, float minimum, float maximum)
    {
        if (part.IsEmpty)
            return;
        part.Check(geometry.Rows, weights.Outputs, PanelWidth);
        bool scaleEachRow = rowScales.Length > 1;
        Run<ScaledSums>(
            a, geometry, part, weights, scaleEachRow ? rowScales[part.FirstRow..] : rowScales, scaleEachRow ? corrections[part.FirstRow..] : corrections, scaleEachRow,
            c[checked(part.FirstRow * stride + part.FirstOutput)..], stride, minimum, maximum);
    }

    public override void RunSums(ReadOnlySpan<byte> a, GemmGeometry geometry, int first, int count, PackedHybridWeights weights, int correction, Span<int> c) =>
        Run<Sums>(a, geometry, new GemmPart(first, count, 0, weights.Outputs), weights, [1], new ReadOnlySpan<int>(in correction), false, MemoryMarshal.Cast<int, float>(c), weights.Outputs, 0, 0);

    /// <summary>Scales, corrections and C begin with the part.</summary>
    private void Run<TEpilogue>(
        ReadOnlySpan<byte> a, GemmGeometry geometry, in GemmPart part, PackedHybridWeights weights, ReadOnlySpan<float> rowScales, ReadOnlySpan<int> corrections,
        bool scaleEachRow, Span<float> c, int stride, float minimum, float maximum)
        where TEpilogue : struct, IEpilogue
    {
        // The part lies in the product. Every read of A lies below Extent elements plus one group, every read of the panels below panels * PanelLength, and row m of the
        // part ends at m * stride + its outputs: these checks, and those of PanelOfBlock, are all that the pointers below rely on.
        Debug.Assert(weights.Width == PanelWidth && weights.Form == Form);
        if (part.IsEmpty)
            return;
        part.Check(geometry.Rows, weights.Outputs, PanelWidth);
        int rowCount = part.Rows, firstPanel = part.FirstOutput / PanelWidth;
        int elementBytes = Form.Bytes();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(geometry.Extent * elementBytes + ReadAhead, a.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((rowCount - 1L) * stride + part.Outputs, c.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(rowScales.Length, scaleEachRow ? rowCount : 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(corrections.Length, rowScales.Length);
        fixed (byte* pa = a)
        fixed (sbyte* panels = weights.Panels)
        fixed (float* scales = weights.Scales, bias = weights.Bias, pc = c, pRowScales = rowScales)
        fixed (int* sums = weights.Sums, pCorrections = corrections, rows = geometry.RowOffsets, segments = geometry.SegmentOffsets)
        {
            var product = new Product(
                pa, rows + part.FirstRow, rowCount, segments, geometry.SegmentOffsets.Length, weights.GroupsPerSegment, elementBytes, panels + firstPanel * (nint)weights.PanelLength,
                weights.PanelLength, scales + part.FirstOutput, bias + part.FirstOutput, sums + part.FirstOutput, part.Outputs, pRowScales, pCorrections, pc, stride, minimum, maximum);
            if (rowCount == 1)
            {
                RunRow<TEpilogue>(product);
                return;
            }

            int block = GemmGeometry.BlockRows(rowCount, geometry.Depth, (part.Outputs + PanelWidth - 1) / PanelWidth * (long)weights.PanelLength, elementBytes);
            for (int first = 0; first < rowCount; first += block)
            {
                if (scaleEachRow)
                    RunBlock<TEpilogue, RowScale>(product, first, Math.Min(block, rowCount - first));
                else
                    RunBlock<TEpilogue, SharedScale>(product, first, Math.Min(block, rowCount - first));
            }
        }
    }

    /// <summary>The ragged panel first: what its tiles write past a row's end is the next row's beginning, which the other panels then write.</summary>
    private void RunBlock<TEpilogue, TScale>(in Product product, int first, int count)
        where TEpilogue : struct, IEpilogue
        where TScale : struct, ITileScale
    {
        int width = PanelWidth, ragged = product.Outputs % width;
        if (ragged > TIsa.Lanes)
            PanelOfBlock<TwoVectors, TEpilogue, TScale>(product, first, count, product.Outputs - ragged, ragged);
        else if (ragged > 0)
            PanelOfBlock<OneVector, TEpilogue, TScale>(product, first, count, product.Outputs - ragged, ragged);
        for (int n = 0; n + width <= product.Outputs; n += width)
            PanelOfBlock<TwoVectors, TEpilogue, TScale>(product, first, count, n, width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PanelOfBlock<TColumns, TEpilogue, TScale>(in Product product, int first, int count, int n, int columns)
        where TColumns : struct, ITileColumns
        where TEpilogue : struct, IEpilogue
        where TScale : struct, ITileScale
    {
        int width = PanelWidth, written = TColumns.HasSecond ? width : TIsa.Lanes;
        int direct = Tiling.DirectRows(first, count, n, columns, written, product.Outputs, product.Stride, product.Length);
        float* readyScales = stackalloc float[width];
        int* readyStarts = stackalloc int[width];
        TileOperands panel = TScale.Prepare<TEpilogue>(product, n, readyScales, readyStarts);
        float* c = product.C + (nint)first * product.Stride + n;
        (int sixes, int fives) = Tiling.Split(direct);
        int upper = sixes * Tiling.Rows;
        Panel<TColumns, SixRows, TEpilogue, TScale>(product, panel, TileRows.At<TScale>(product, first), sixes, c, product.Stride);
        if (fives > 0)
            Panel<TColumns, FiveRows, TEpilogue, TScale>(product, panel, TileRows.At<TScale>(product, first + upper), fives, c + (nint)upper * product.Stride, product.Stride);

        float* edge = stackalloc float[Tiling.Rows * width];
        int* offsets = stackalloc int[Tiling.Rows], corrections = stackalloc int[Tiling.Rows];
        float* scales = stackalloc float[Tiling.Rows];
        for (int m = upper + fives * Tiling.LowerRows; m < count; m += Tiling.Rows)
        {
            for (int i = 0; i < Tiling.Rows; i++)
            {
                int row = first + Math.Min(m + i, count - 1); // rows past the end repeat the last one
                offsets[i] = product.RowOffsets[row];
                corrections[i] = product.Corrections[row * TScale.Step];
                scales[i] = product.RowScales[row * TScale.Step];
            }

            Panel<TColumns, SixRows, TEpilogue, TScale>(product, panel, new TileRows(offsets, corrections, scales), 1, edge, width);
            for (int i = 0; i < Math.Min(Tiling.Rows, count - m); i++)
                new ReadOnlySpan<float>(edge + i * width, columns).CopyTo(new Span<float>(c + (nint)(m + i) * product.Stride, columns));
        }
    }

    private void RunRow<TEpilogue>(in Product product)
        where TEpilogue : struct, IEpilogue
    {
        int width = PanelWidth;
        float* edge = stackalloc float[width];
        byte* a = product.A + (nint)product.RowOffsets[0] * product.ElementBytes;
        int n = 0;
        for (; n + 4 * width <= product.Outputs; n += 4 * width)
            Row4<TEpilogue>(a, product, product.Panel(n, width), product.C + n);
        for (; n < product.Outputs; n += width)
        {
            int columns = Math.Min(width, product.Outputs - n);
            Row1<TEpilogue>(a, product, product.Panel(n, width), edge);
            new ReadOnlySpan<float>(edge, columns).CopyTo(new Span<float>(product.C + n, columns));
        }
    }

    /// <summary>Tiles of one panel, one below the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Panel<TColumns, TRows, TEpilogue, TScale>(in Product product, TileOperands panel, TileRows tile, int tiles, float* c, nint stride)
        where TColumns : struct, ITileColumns
        where TRows : struct, ITileRows
        where TEpilogue : struct, IEpilogue
        where TScale : struct, ITileScale
    {
        nint lanes = TIsa.Lanes, vectorBytes = lanes * TDot.Form.GroupSize(), length = 4 * product.GroupsPerSegment, height = TRows.HasSixth ? Tiling.Rows : Tiling.LowerRows;
        int* rows = tile.Offsets, starts = panel.Starts, corrections = tile.Corrections;
        float* bias = panel.Bias, scales = panel.Scales, rowScales = tile.Scales;
        TFloat low = TIsa.Broadcast(product.Minimum), high = TIsa.Broadcast(product.Maximum);
        for (; tiles > 0; tiles--, rows += height, corrections += height * TScale.Step, rowScales += height * TScale.Step, c += height * stride)
        {
            nint step = TScale.Step;
            TInt c00 = TScale.Start<TEpilogue>(bias, starts, corrections), c01 = TColumns.HasSecond ? TScale.Start<TEpilogue>(bias + lanes, starts + lanes, corrections) : c00;
            TInt c10 = TScale.Start<TEpilogue>(bias, starts, corrections + step), c11 = TColumns.HasSecond ? TScale.Start<TEpilogue>(bias + lanes, starts + lanes, corrections + step) : c10;
            TInt c20 = TScale.Start<TEpilogue>(bias, starts, corrections + 2 * step), c21 = TColumns.HasSecond ? TScale.Start<TEpilogue>(bias + lanes, starts + lanes, corrections + 2 * step) : c20;
            TInt c30 = TScale.Start<TEpilogue>(bias, starts, corrections + 3 * step), c31 = TColumns.HasSecond ? TScale.Start<TEpilogue>(bias + lanes, starts + lanes, corrections + 3 * step) : c30;
            TInt c40 = TScale.Start<TEpilogue>(bias, starts, corrections + 4 * step), c41 = TColumns.HasSecond ? TScale.Start<TEpilogue>(bias + lanes, starts + lanes, corrections + 4 * step) : c40;
            TInt c50 = TRows.HasSixth ? TScale.Start<TEpilogue>(bias, starts, corrections + 5 * step) : c40;
            TInt c51 = TRows.HasSixth && TColumns.HasSecond ? TScale.Start<TEpilogue>(bias + lanes, starts + lanes, corrections + 5 * step) : c50;
            sbyte* w = panel.Weights;
            for (nint s = 0; s < product.SegmentCount; s++)
            {
                nint bytes = product.ElementBytes;
                byte* at = product.A + product.Segments[s] * bytes;
                byte* p0 = at + rows[0] * bytes, p1 = at + rows[1] * bytes, p2 = at + rows[2] * bytes, p3 = at + rows[3] * bytes, p4 = at + rows[4] * bytes, p5 = TRows.HasSixth ? at + rows[5] * bytes : p4;
                for (nint k = 0; k < length; k += 4, w += 2 * vectorBytes)
                {
                    TInt w0 = TDot.LoadWeights(w), w1 = TColumns.HasSecond ? TDot.LoadWeights(w + vectorBytes) : w0;
                    TInt x = TIsa.BroadcastInt(*(int*)(p0 + k));
                    c00 = TDot.Dot(c00, x, w0);
                    c01 = TColumns.HasSecond ? TDot.Dot(c01, x, w1) : c01;
                    x = TIsa.BroadcastInt(*(int*)(p1 + k));
                    c10 = TDot.Dot(c10, x, w0);
                    c11 = TColumns.HasSecond ? TDot.Dot(c11, x, w1) : c11;
                    x = TIsa.BroadcastInt(*(int*)(p2 + k));
                    c20 = TDot.Dot(c20, x, w0);
                    c21 = TColumns.HasSecond ? TDot.Dot(c21, x, w1) : c21;
                    x = TIsa.BroadcastInt(*(int*)(p3 + k));
                    c30 = TDot.Dot(c30, x, w0);
                    c31 = TColumns.HasSecond ? TDot.Dot(c31, x, w1) : c31;
                    x = TIsa.BroadcastInt(*(int*)(p4 + k));
                    c40 = TDot.Dot(c40, x, w0);
                    c41 = TColumns.HasSecond ? TDot.Dot(c41, x, w1) : c41;
                    if (TRows.HasSixth)
                    {
                        x = TIsa.BroadcastInt(*(int*)(p5 + k));
                        c50 = TDot.Dot(c50, x, w0);
                        c51 = TColumns.HasSecond ? TDot.Dot(c51, x, w1) : c51;
                    }
                }
            }

            Store<TColumns, TEpilogue, TScale>(c, c00, c01, scales, rowScales, bias, low, high);
            Store<TColumns, TEpilogue, TScale>(c + stride, c10, c11, scales, rowScales + step, bias, low, high);
            Store<TColumns, TEpilogue, TScale>(c + 2 * stride, c20, c21, scales, rowScales + 2 * step, bias, low, high);
            Store<TColumns, TEpilogue, TScale>(c + 3 * stride, c30, c31, scales, rowScales + 3 * step, bias, low, high);
            Store<TColumns, TEpilogue, TScale>(c + 4 * stride, c40, c41, scales, rowScales + 4 * step, bias, low, high);
            if (TRows.HasSixth)
                Store<TColumns, TEpilogue, TScale>(c + 5 * stride, c50, c51, scales, rowScales + 5 * step, bias, low, high);
        }
    }

    /// <summary>One row by four panels, two vectors of each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row4<TEpilogue>(byte* a, in Product product, TileOperands panel, float* c)
        where TEpilogue : struct, IEpilogue
    {
        nint lanes = TIsa.Lanes, vectorBytes = lanes * TDot.Form.GroupSize(), panelLength = product.PanelLength;
        int* starts = panel.Starts, correction = product.Corrections;
        float* bias = panel.Bias, scales = panel.Scales, rowScale = product.RowScales;
        sbyte* w = panel.Weights, q1 = w + panelLength, q2 = q1 + panelLength, q3 = q2 + panelLength;
        TInt c0 = RowScale.Start<TEpilogue>(bias, starts, correction), c1 = RowScale.Start<TEpilogue>(bias + lanes, starts + lanes, correction);
        TInt c2 = RowScale.Start<TEpilogue>(bias + 2 * lanes, starts + 2 * lanes, correction), c3 = RowScale.Start<TEpilogue>(bias + 3 * lanes, starts + 3 * lanes, correction);
        TInt c4 = RowScale.Start<TEpilogue>(bias + 4 * lanes, starts + 4 * lanes, correction), c5 = RowScale.Start<TEpilogue>(bias + 5 * lanes, starts + 5 * lanes, correction);
        TInt c6 = RowScale.Start<TEpilogue>(bias + 6 * lanes, starts + 6 * lanes, correction), c7 = RowScale.Start<TEpilogue>(bias + 7 * lanes, starts + 7 * lanes, correction);
        nint length = 4 * product.GroupsPerSegment;
        nint offset = 0;
        for (nint s = 0; s < product.SegmentCount; s++)
        {
            byte* p = a + (nint)product.Segments[s] * product.ElementBytes;
            for (nint k = 0; k < length; k += 4, offset += 2 * vectorBytes)
            {
                TInt x = TIsa.BroadcastInt(*(int*)(p + k));
                c0 = TDot.Dot(c0, x, TDot.LoadWeights(w + offset));
                c1 = TDot.Dot(c1, x, TDot.LoadWeights(w + offset + vectorBytes));
                c2 = TDot.Dot(c2, x, TDot.LoadWeights(q1 + offset));
                c3 = TDot.Dot(c3, x, TDot.LoadWeights(q1 + offset + vectorBytes));
                c4 = TDot.Dot(c4, x, TDot.LoadWeights(q2 + offset));
                c5 = TDot.Dot(c5, x, TDot.LoadWeights(q2 + offset + vectorBytes));
                c6 = TDot.Dot(c6, x, TDot.LoadWeights(q3 + offset));
                c7 = TDot.Dot(c7, x, TDot.LoadWeights(q3 + offset + vectorBytes));
            }
        }

        nint width = 2 * lanes;
        TFloat low = TIsa.Broadcast(product.Minimum), high = TIsa.Broadcast(product.Maximum);
        Store<TwoVectors, TEpilogue, RowScale>(c, c0, c1, scales, rowScale, bias, low, high);
        Store<TwoVectors, TEpilogue, RowScale>(c + width, c2, c3, scales + width, rowScale, bias + width, low, high);
        Store<TwoVectors, TEpilogue, RowScale>(c + 2 * width, c4, c5, scales + 2 * width, rowScale, bias + 2 * width, low, high);
        Store<TwoVectors, TEpilogue, RowScale>(c + 3 * width, c6, c7, scales + 3 * width, rowScale, bias + 3 * width, low, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row1<TEpilogue>(byte* a, in Product product, TileOperands panel, float* c)
        where TEpilogue : struct, IEpilogue
    {
        nint lanes = TIsa.Lanes, vectorBytes = lanes * TDot.Form.GroupSize();
        TInt c0 = RowScale.Start<TEpilogue>(panel.Bias, panel.Starts, product.Corrections), c1 = RowScale.Start<TEpilogue>(panel.Bias + lanes, panel.Starts + lanes, product.Corrections);
        sbyte* w = panel.Weights;
        nint length = 4 * product.GroupsPerSegment;
        for (nint s = 0; s < product.SegmentCount; s++)
        {
            byte* p = a + (nint)product.Segments[s] * product.ElementBytes;
            for (nint k = 0; k < length; k += 4, w += 2 * vectorBytes)
            {
                TInt x = TIsa.BroadcastInt(*(int*)(p + k));
                c0 = TDot.Dot(c0, x, TDot.LoadWeights(w));
                c1 = TDot.Dot(c1, x, TDot.LoadWeights(w + vectorBytes));
            }
        }

        Store<TwoVectors, TEpilogue, RowScale>(c, c0, c1, panel.Scales, product.RowScales, panel.Bias, TIsa.Broadcast(product.Minimum), TIsa.Broadcast(product.Maximum));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TColumns, TEpilogue, TScale>(float* target, TInt first, TInt second, float* scales, float* rowScale, float* bias, TFloat low, TFloat high)
        where TColumns : struct, ITileColumns
        where TEpilogue : struct, IEpilogue
        where TScale : struct, ITileScale
    {
        nint lanes = TIsa.Lanes;
        TEpilogue.Store<TScale>(target, first, scales, rowScale, bias, low, high);
        if (TColumns.HasSecond)
            TEpilogue.Store<TScale>(target + lanes, second, scales + lanes, rowScale, bias + lanes, low, high);
    }

    /// <summary>
    /// Rows with a scale of their own, or one for all. It says what a row's accumulators start from (the bias, minus what the stored form will add too much), and what they are
    /// multiplied by at the end.
    /// </summary>
    private interface ITileScale
    {
        /// <summary>From one row's scale and correction to the next one's.</summary>
        static abstract int Step { get; }

        static abstract TileOperands Prepare<TEpilogue>(in Product product, int n, float* readyScales, int* readyStarts)
            where TEpilogue : struct, IEpilogue;

        static abstract TInt Start<TEpilogue>(float* bias, int* starts, int* correction)
            where TEpilogue : struct, IEpilogue;

        static abstract TFloat Scale(float* scales, float* rowScale);
    }

    /// <summary>Computed once for a panel.</summary>
    private readonly struct SharedScale : ITileScale
    {
        public static int Step => 0;

        public static TileOperands Prepare<TEpilogue>(in Product product, int n, float* readyScales, int* readyStarts)
            where TEpilogue : struct, IEpilogue
        {
            TileOperands panel = product.Panel(n, 2 * TIsa.Lanes);
            for (nint at = 0; at < 2 * TIsa.Lanes; at += TIsa.Lanes)
            {
                TIsa.StoreInt(readyStarts + at, RowScale.Start<TEpilogue>(panel.Bias + at, panel.Starts + at, product.Corrections));
                TIsa.Store(readyScales + at, RowScale.Scale(panel.Scales + at, product.RowScales));
            }

            return new TileOperands(panel.Weights, panel.Bias, readyScales, readyStarts);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TInt Start<TEpilogue>(float* bias, int* starts, int* correction)
            where TEpilogue : struct, IEpilogue => TIsa.LoadInt(starts);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TFloat Scale(float* scales, float* rowScale) => TIsa.Load(scales);
    }

    /// <summary>Computed for each tile, out of the columns' scales and sums.</summary>
    private readonly struct RowScale : ITileScale
    {
        public static int Step => 1;

        public static TileOperands Prepare<TEpilogue>(in Product product, int n, float* readyScales, int* readyStarts)
            where TEpilogue : struct, IEpilogue => product.Panel(n, 2 * TIsa.Lanes);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TInt Start<TEpilogue>(float* bias, int* starts, int* correction)
            where TEpilogue : struct, IEpilogue => TIsa.MultiplySubtract(TEpilogue.Start(bias), TIsa.BroadcastInt(*correction), TIsa.LoadInt(starts));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TFloat Scale(float* scales, float* rowScale) => TIsa.Multiply(TIsa.Broadcast(*rowScale), TIsa.Load(scales));
    }

    /// <summary>What becomes of the sums: four bytes of C each.</summary>
    private interface IEpilogue
    {
        /// <summary>What the accumulators begin with.</summary>
        static abstract TInt Start(float* bias);

        static abstract void Store<TScale>(float* target, TInt sums, float* scales, float* rowScale, float* bias, TFloat low, TFloat high)
            where TScale : struct, ITileScale;
    }

    private readonly struct ScaledSums : IEpilogue
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TInt Start(float* bias) => default;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store<TScale>(float* target, TInt sums, float* scales, float* rowScale, float* bias, TFloat low, TFloat high)
            where TScale : struct, ITileScale =>
            TIsa.Store(target, TIsa.MinNative(high, TIsa.MaxNative(low, TIsa.MultiplyAdd(TIsa.ToFloat(sums), TScale.Scale(scales, rowScale), TIsa.Load(bias)))));
    }

    /// <summary>The integers themselves; bias and C hold int32 bits.</summary>
    private readonly struct Sums : IEpilogue
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TInt Start(float* bias) => TIsa.LoadInt((int*)bias);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store<TScale>(float* target, TInt sums, float* scales, float* rowScale, float* bias, TFloat low, TFloat high)
            where TScale : struct, ITileScale => TIsa.StoreInt((int*)target, sums);
    }

    /// <summary>One panel's weights, and for each of its columns the bias, the scale and what the accumulators start from, as <see cref="ITileScale"/> has them.</summary>
    private readonly struct TileOperands(sbyte* weights, float* bias, float* scales, int* starts)
    {
        public readonly sbyte* Weights = weights;
        public readonly float* Bias = bias;
        public readonly float* Scales = scales;
        public readonly int* Starts = starts;
    }

    /// <summary>Where a tile's rows lie, with their corrections and scales.</summary>
    private readonly struct TileRows(int* offsets, int* corrections, float* scales)
    {
        public readonly int* Offsets = offsets;
        public readonly int* Corrections = corrections;
        public readonly float* Scales = scales;

        public static TileRows At<TScale>(in Product product, int row)
            where TScale : struct, ITileScale => new(product.RowOffsets + row, product.Corrections + row * TScale.Step, product.RowScales + row * TScale.Step);
    }

    /// <summary>The operands of one product, as pointers into what is pinned meanwhile.</summary>
    private readonly struct Product(
        byte* a, int* rowOffsets, int rows, int* segments, nint segmentCount, nint groupsPerSegment, int elementBytes, sbyte* panels, nint panelLength, float* scales, float* bias, int* sums,
        int outputs, float* rowScales, int* corrections, float* c, int stride, float minimum, float maximum)
    {
        public readonly byte* A = a;
        public readonly int* RowOffsets = rowOffsets;
        public readonly int* Segments = segments;
        public readonly nint SegmentCount = segmentCount;
        public readonly nint GroupsPerSegment = groupsPerSegment;
        public readonly sbyte* Panels = panels;
        public readonly nint PanelLength = panelLength;
        public readonly float* Scales = scales;
        public readonly float* Bias = bias;
        public readonly int* Sums = sums;
        public readonly float* RowScales = rowScales;
        public readonly int* Corrections = corrections;
        public readonly float* C = c;
        public readonly int Rows = rows;
        public readonly int ElementBytes = elementBytes;
        public readonly int Outputs = outputs;
        public readonly int Stride = stride;
        public readonly float Minimum = minimum;
        public readonly float Maximum = maximum;

        /// <summary>Elements of C up to the end of the last row.</summary>
        public long Length => (Rows - 1) * (long)Stride + Outputs;

        /// <summary>The panel whose first column is <paramref name="n"/>, and the ones behind it.</summary>
        public TileOperands Panel(int n, int width) => new(Panels + n / width * PanelLength, Bias + n, Scales + n, Sums + n);
    }
}
