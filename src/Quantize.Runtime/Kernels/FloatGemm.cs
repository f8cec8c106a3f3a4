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
    public void Run(ReadOnlySpan<float> a, GemmGeometry geometry, PackedFloatWeights weights, Span<float> c, int stride, float minimum, float maximum) =>
        Run(a, geometry, new GemmPart(geometry.Rows, weights.Outputs), weights, c, stride, minimum, maximum);

    /// <summary>Only a part of it, and nothing else of C is written. An element does not depend on the part that it is computed in.</summary>
    public void Run(ReadOnlySpan<float> a, GemmGeometry geometry, in GemmPart part, PackedFloatWeights weights, Span<float> c, int stride, float minimum, float maximum)
    {
        Debug.Assert(weights.Width == PanelWidth && weights.Depth == geometry.Depth);
        Run(a, geometry, part, weights.Data, weights.Bias, weights.Outputs, c, stride, minimum, maximum);
    }

    /// <summary>
    /// The product with a matrix computed in this run, packed into <paramref name="panels"/> first: [<paramref name="columns"/>, depth] where
    /// <paramref name="transposed"/>, else [depth, columns]. No bias, no clamp.
    /// </summary>
    public void RunUnpacked(ReadOnlySpan<float> a, GemmGeometry geometry, ReadOnlySpan<float> b, bool transposed, Span<float> panels, int columns, Span<float> c)
    {
        PackedFloatWeights.ClearLastPanel(columns, geometry.Depth, PanelWidth, panels);
        if (transposed)
            PackedFloatWeights.PackRows(b, columns, geometry.Depth, PanelWidth, panels);
        else
            PackedFloatWeights.PackColumns(b, columns, geometry.Depth, PanelWidth, panels);
        Run(a, geometry, new GemmPart(geometry.Rows, columns), panels, [], columns, c, columns, float.NegativeInfinity, float.PositiveInfinity);
    }

    /// <summary>As the other form, over bare panels; an empty bias is zeros, another one fills whole panels.</summary>
    public abstract void Run(
        ReadOnlySpan<float> a, GemmGeometry geometry, in GemmPart part, ReadOnlySpan<float> panels, ReadOnlySpan<float> bias, int outputs, Span<float> c, int stride, float minimum,
        float maximum);
}

/// <summary>
/// Tiles of six or five rows by two vectors: twelve accumulators fit the registers of every instruction set. One row alone reads four panels side by side instead, so
/// that eight accumulators hide the latency of the multiply-add while the weights stream by.
/// </summary>
[SkipLocalsInit]
internal sealed unsafe class FloatGemm<TIsa, TFloat> : FloatGemm
    where TIsa : struct, IFloatIsa<TFloat>
    where TFloat : unmanaged
{
    /// <summary>For the columns of four panels.</summary>
    private static readonly float[] s_noBias = new float[4 * 2 * TIsa.Lanes];

    public override int PanelWidth => 2 * TIsa.Lanes;

    public override void Run(
        ReadOnlySpan<float> a, GemmGeometry geometry, in GemmPart part, ReadOnlySpan<float> panels, ReadOnlySpan<float> bias, int outputs, Span<float> c, int stride, float minimum,
        float maximum)
    {
        // The part lies in the product. Every read of A lies below geometry.Extent, every read of the panels and the bias below whole panels of the outputs, and row m of C
        // ends at m * stride + outputs: these checks, and those of PanelOfBlock, are all that the pointers below rely on.
        if (part.IsEmpty)
            return;
        part.Check(geometry.Rows, outputs, PanelWidth);
        int wholeOutputs = (outputs + PanelWidth - 1) / PanelWidth * PanelWidth;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(geometry.Extent, a.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(checked(wholeOutputs * geometry.Depth), panels.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bias.IsEmpty ? 0 : wholeOutputs, bias.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(((long)part.FirstRow + part.Rows - 1) * stride + part.FirstOutput + part.Outputs, c.Length);
        fixed (float* pa = a, pb = panels, pBias = bias, pc = c, noBias = s_noBias)
        fixed (int* rows = geometry.RowOffsets, segments = geometry.SegmentOffsets)
        {
            nint panelLength = (nint)geometry.Depth * PanelWidth;
            int panelCount = (part.Outputs + PanelWidth - 1) / PanelWidth;
            var product = new Product(
                pa, rows + part.FirstRow, part.Rows, segments, geometry.SegmentOffsets.Length, geometry.SegmentLength, pb + part.FirstOutput / PanelWidth * panelLength, panelLength,
                pBias == null ? noBias : pBias + part.FirstOutput, pBias == null ? 0 : 1, part.Outputs, pc + (nint)part.FirstRow * stride + part.FirstOutput, stride, minimum, maximum);
            if (part.Rows == 1)
            {
                RunRow(product);
                return;
            }

            int block = GemmGeometry.BlockRows(part.Rows, geometry.Depth, panelCount * panelLength * sizeof(float), sizeof(float));
            for (int first = 0; first < part.Rows; first += block)
                RunBlock(product, first, Math.Min(block, part.Rows - first));
        }
    }

    /// <summary>The ragged panel first: what its tiles write past a row's end is the next row's beginning, which the other panels then write.</summary>
    private void RunBlock(in Product product, int first, int count)
    {
        int width = PanelWidth, ragged = product.Outputs % width;
        if (ragged > TIsa.Lanes)
            PanelOfBlock<TwoVectors>(product, first, count, product.Outputs - ragged, ragged);
        else if (ragged > 0)
            PanelOfBlock<OneVector>(product, first, count, product.Outputs - ragged, ragged);
        for (int n = 0; n + width <= product.Outputs; n += width)
            PanelOfBlock<TwoVectors>(product, first, count, n, width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PanelOfBlock<TColumns>(in Product product, int first, int count, int n, int columns)
        where TColumns : struct, ITileColumns
    {
        int width = PanelWidth, written = TColumns.HasSecond ? width : TIsa.Lanes;
        int direct = Tiling.DirectRows(first, count, n, columns, written, product.Outputs, product.Stride, product.Length);
        float* panel = product.Panels + n / width * product.PanelLength, bias = product.BiasOf(n), c = product.C + (nint)first * product.Stride + n;
        (int sixes, int fives) = Tiling.Split(direct);
        int upper = sixes * Tiling.Rows, tall = TColumns.HasSecond ? 0 : sixes / 2;
        if (tall > 0)
            TallPanel(product, product.RowOffsets + first, tall, panel, bias, c, product.Stride);
        Panel<TColumns, SixRows>(product, product.RowOffsets + first + tall * 2 * Tiling.Rows, sixes - tall * 2, panel, bias, c + (nint)tall * 2 * Tiling.Rows * product.Stride, product.Stride);
        if (fives > 0)
            Panel<TColumns, FiveRows>(product, product.RowOffsets + first + upper, fives, panel, bias, c + (nint)upper * product.Stride, product.Stride);

        float* edge = stackalloc float[Tiling.Rows * width];
        int* rows = stackalloc int[Tiling.Rows];
        for (int m = upper + fives * Tiling.LowerRows; m < count; m += Tiling.Rows)
        {
            for (int i = 0; i < Tiling.Rows; i++)
                rows[i] = product.RowOffsets[first + Math.Min(m + i, count - 1)]; // rows past the end repeat the last one
            Panel<TColumns, SixRows>(product, rows, 1, panel, bias, edge, width);
            for (int i = 0; i < Math.Min(Tiling.Rows, count - m); i++)
                new ReadOnlySpan<float>(edge + i * width, columns).CopyTo(new Span<float>(c + (nint)(m + i) * product.Stride, columns));
        }
    }

    private void RunRow(in Product product)
    {
        int width = PanelWidth;
        float* edge = stackalloc float[width];
        float* a = product.A + product.RowOffsets[0], panel = product.Panels;
        int n = 0;
        for (; n + 4 * width <= product.Outputs; n += 4 * width, panel += 4 * product.PanelLength)
            Row4(a, product, panel, product.PanelLength, product.BiasOf(n), product.C + n);
        for (; n < product.Outputs; n += width, panel += product.PanelLength)
        {
            int columns = Math.Min(width, product.Outputs - n);
            Row1(a, product, panel, product.BiasOf(n), columns == width ? product.C + n : edge);
            if (columns < width)
                new ReadOnlySpan<float>(edge, columns).CopyTo(new Span<float>(product.C + n, columns));
        }
    }

    /// <summary>Tiles of one panel, one below the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Panel<TColumns, TRows>(in Product product, int* rows, int tiles, float* panel, float* bias, float* c, nint stride)
        where TColumns : struct, ITileColumns
        where TRows : struct, ITileRows
    {
        nint lanes = TIsa.Lanes, length = product.SegmentLength, height = TRows.HasSixth ? Tiling.Rows : Tiling.LowerRows;
        TFloat low = TIsa.Broadcast(product.Minimum), high = TIsa.Broadcast(product.Maximum);
        for (; tiles > 0; tiles--, rows += height, c += height * stride)
        {
            TFloat c00 = TIsa.Load(bias), c01 = TColumns.HasSecond ? TIsa.Load(bias + lanes) : c00;
            TFloat c10 = c00, c11 = c01, c20 = c00, c21 = c01, c30 = c00, c31 = c01, c40 = c00, c41 = c01, c50 = c00, c51 = c01;
            float* w = panel;
            nint ahead = product.PanelLength + (tiles & 1) * lanes; // of the next panel, one vector of each row in this tile and the other one in the next
            for (nint s = 0; s < product.SegmentCount; s++)
            {
                float* at = product.A + product.Segments[s];
                float* p0 = at + rows[0], p1 = at + rows[1], p2 = at + rows[2], p3 = at + rows[3], p4 = at + rows[4], p5 = TRows.HasSixth ? at + rows[5] : p4;
                for (nint k = 0; k < length; k++, w += 2 * lanes)
                {
                    TIsa.Prefetch(w + ahead);
                    TFloat w0 = TIsa.Load(w), w1 = TColumns.HasSecond ? TIsa.Load(w + lanes) : w0;
                    TFloat x = TIsa.Broadcast(p0[k]);
                    c00 = TIsa.MultiplyAdd(x, w0, c00);
                    c01 = TColumns.HasSecond ? TIsa.MultiplyAdd(x, w1, c01) : c01;
                    x = TIsa.Broadcast(p1[k]);
                    c10 = TIsa.MultiplyAdd(x, w0, c10);
                    c11 = TColumns.HasSecond ? TIsa.MultiplyAdd(x, w1, c11) : c11;
                    x = TIsa.Broadcast(p2[k]);
                    c20 = TIsa.MultiplyAdd(x, w0, c20);
                    c21 = TColumns.HasSecond ? TIsa.MultiplyAdd(x, w1, c21) : c21;
                    x = TIsa.Broadcast(p3[k]);
                    c30 = TIsa.MultiplyAdd(x, w0, c30);
                    c31 = TColumns.HasSecond ? TIsa.MultiplyAdd(x, w1, c31) : c31;
                    x = TIsa.Broadcast(p4[k]);
                    c40 = TIsa.MultiplyAdd(x, w0, c40);
                    c41 = TColumns.HasSecond ? TIsa.MultiplyAdd(x, w1, c41) : c41;
                    if (TRows.HasSixth)
                    {
                        x = TIsa.Broadcast(p5[k]);
                        c50 = TIsa.MultiplyAdd(x, w0, c50);
                        c51 = TColumns.HasSecond ? TIsa.MultiplyAdd(x, w1, c51) : c51;
                    }
                }
            }

            Store<TColumns>(c, c00, c01, low, high);
            Store<TColumns>(c + stride, c10, c11, low, high);
            Store<TColumns>(c + 2 * stride, c20, c21, low, high);
            Store<TColumns>(c + 3 * stride, c30, c31, low, high);
            Store<TColumns>(c + 4 * stride, c40, c41, low, high);
            if (TRows.HasSixth)
                Store<TColumns>(c + 5 * stride, c50, c51, low, high);
        }
    }

    /// <summary>Where only the first vector of a panel counts, twelve rows of it keep as many accumulators busy as six of two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TallPanel(in Product product, int* rows, int tiles, float* panel, float* bias, float* c, nint stride)
    {
        nint lanes = TIsa.Lanes, length = product.SegmentLength, height = 2 * Tiling.Rows;
        TFloat low = TIsa.Broadcast(product.Minimum), high = TIsa.Broadcast(product.Maximum);
        for (; tiles > 0; tiles--, rows += height, c += height * stride)
        {
            TFloat c0 = TIsa.Load(bias), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0, c8 = c0, c9 = c0, c10 = c0, c11 = c0;
            float* w = panel;
            for (nint s = 0; s < product.SegmentCount; s++)
            {
                float* p = product.A + product.Segments[s];
                nint r1 = rows[1] - rows[0], r2 = rows[2] - rows[0], r3 = rows[3] - rows[0], r4 = rows[4] - rows[0], r5 = rows[5] - rows[0];
                float* q = p + rows[6];
                nint r7 = rows[7] - rows[6], r8 = rows[8] - rows[6], r9 = rows[9] - rows[6], r10 = rows[10] - rows[6], r11 = rows[11] - rows[6];
                p += rows[0];
                for (nint k = length; k > 0; k--, w += 2 * lanes, p++, q++)
                {
                    TFloat w0 = TIsa.Load(w);
                    c0 = TIsa.MultiplyAdd(TIsa.Broadcast(p[0]), w0, c0);
                    c1 = TIsa.MultiplyAdd(TIsa.Broadcast(p[r1]), w0, c1);
                    c2 = TIsa.MultiplyAdd(TIsa.Broadcast(p[r2]), w0, c2);
                    c3 = TIsa.MultiplyAdd(TIsa.Broadcast(p[r3]), w0, c3);
                    c4 = TIsa.MultiplyAdd(TIsa.Broadcast(p[r4]), w0, c4);
                    c5 = TIsa.MultiplyAdd(TIsa.Broadcast(p[r5]), w0, c5);
                    c6 = TIsa.MultiplyAdd(TIsa.Broadcast(q[0]), w0, c6);
                    c7 = TIsa.MultiplyAdd(TIsa.Broadcast(q[r7]), w0, c7);
                    c8 = TIsa.MultiplyAdd(TIsa.Broadcast(q[r8]), w0, c8);
                    c9 = TIsa.MultiplyAdd(TIsa.Broadcast(q[r9]), w0, c9);
                    c10 = TIsa.MultiplyAdd(TIsa.Broadcast(q[r10]), w0, c10);
                    c11 = TIsa.MultiplyAdd(TIsa.Broadcast(q[r11]), w0, c11);
                }
            }

            TIsa.Store(c + 0 * stride, TIsa.MinNative(high, TIsa.MaxNative(low, c0)));
            TIsa.Store(c + 1 * stride, TIsa.MinNative(high, TIsa.MaxNative(low, c1)));
            TIsa.Store(c + 2 * stride, TIsa.MinNative(high, TIsa.MaxNative(low, c2)));
            TIsa.Store(c + 3 * stride, TIsa.MinNative(high, TIsa.MaxNative(low, c3)));
            TIsa.Store(c + 4 * stride, TIsa.MinNative(high, TIsa.MaxNative(low, c4)));
            TIsa.Store(c + 5 * stride, TIsa.MinNative(high, TIsa.MaxNative(low, c5)));
            TIsa.Store(c + 6 * stride, TIsa.MinNative(high, TIsa.MaxNative(low, c6)));
            TIsa.Store(c + 7 * stride, TIsa.MinNative(high, TIsa.MaxNative(low, c7)));
            TIsa.Store(c + 8 * stride, TIsa.MinNative(high, TIsa.MaxNative(low, c8)));
            TIsa.Store(c + 9 * stride, TIsa.MinNative(high, TIsa.MaxNative(low, c9)));
            TIsa.Store(c + 10 * stride, TIsa.MinNative(high, TIsa.MaxNative(low, c10)));
            TIsa.Store(c + 11 * stride, TIsa.MinNative(high, TIsa.MaxNative(low, c11)));
        }
    }

    /// <summary>One row by four panels, two vectors of each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row4(float* a, in Product product, float* b, nint panelLength, float* bias, float* c)
    {
        nint lanes = TIsa.Lanes;
        float* q1 = b + panelLength, q2 = q1 + panelLength, q3 = q2 + panelLength;
        TFloat c0 = TIsa.Load(bias), c1 = TIsa.Load(bias + lanes), c2 = TIsa.Load(bias + 2 * lanes), c3 = TIsa.Load(bias + 3 * lanes);
        TFloat c4 = TIsa.Load(bias + 4 * lanes), c5 = TIsa.Load(bias + 5 * lanes), c6 = TIsa.Load(bias + 6 * lanes), c7 = TIsa.Load(bias + 7 * lanes);
        nint length = product.SegmentLength;
        nint offset = 0;
        for (nint s = 0; s < product.SegmentCount; s++)
        {
            float* p = a + product.Segments[s];
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

        TFloat low = TIsa.Broadcast(product.Minimum), high = TIsa.Broadcast(product.Maximum);
        Store<TwoVectors>(c, c0, c1, low, high);
        Store<TwoVectors>(c + 2 * lanes, c2, c3, low, high);
        Store<TwoVectors>(c + 4 * lanes, c4, c5, low, high);
        Store<TwoVectors>(c + 6 * lanes, c6, c7, low, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row1(float* a, in Product product, float* b, float* bias, float* c)
    {
        nint lanes = TIsa.Lanes;
        TFloat c0 = TIsa.Load(bias), c1 = TIsa.Load(bias + lanes);
        for (nint s = 0; s < product.SegmentCount; s++)
        {
            float* p = a + product.Segments[s];
            for (nint k = 0; k < product.SegmentLength; k++, b += 2 * lanes)
            {
                TFloat x = TIsa.Broadcast(p[k]);
                c0 = TIsa.MultiplyAdd(x, TIsa.Load(b), c0);
                c1 = TIsa.MultiplyAdd(x, TIsa.Load(b + lanes), c1);
            }
        }

        Store<TwoVectors>(c, c0, c1, TIsa.Broadcast(product.Minimum), TIsa.Broadcast(product.Maximum));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TColumns>(float* target, TFloat first, TFloat second, TFloat low, TFloat high)
        where TColumns : struct, ITileColumns
    {
        TIsa.Store(target, TIsa.MinNative(high, TIsa.MaxNative(low, first)));
        if (TColumns.HasSecond)
            TIsa.Store(target + TIsa.Lanes, TIsa.MinNative(high, TIsa.MaxNative(low, second)));
    }

    /// <summary>The operands of one product, as pointers into what is pinned meanwhile.</summary>
    private readonly struct Product(
        float* a, int* rowOffsets, int rows, int* segments, nint segmentCount, nint segmentLength, float* panels, nint panelLength, float* bias, int biasStep, int outputs,
        float* c, int stride, float minimum, float maximum)
    {
        public readonly float* A = a;
        public readonly int* RowOffsets = rowOffsets;
        public readonly int* Segments = segments;
        public readonly nint SegmentCount = segmentCount;
        public readonly nint SegmentLength = segmentLength;
        public readonly float* Panels = panels;
        public readonly nint PanelLength = panelLength;
        public readonly float* C = c;
        public readonly int Rows = rows;
        public readonly int Outputs = outputs;
        public readonly int Stride = stride;
        public readonly float Minimum = minimum;
        public readonly float Maximum = maximum;

        /// <summary>Elements of C up to the end of the last row.</summary>
        public long Length => (Rows - 1) * (long)Stride + Outputs;
        private readonly float* _bias = bias;
        private readonly int _biasStep = biasStep;

        /// <summary>The bias of output n and those behind it; zeros where there is none.</summary>
        public float* BiasOf(int n) => _bias + n * _biasStep;
    }
}
