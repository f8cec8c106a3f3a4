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
                weights.PanelLength, scales + part.FirstOutput, bias + part.FirstOutput, sums + part.FirstOutput, part.Outputs, pRowScales, pCorrections, scaleEachRow, pc, stride, minimum, maximum);
            if (rowCount == 1)
            {
                RunRow<TEpilogue>(product);
                return;
            }

            int block = GemmGeometry.BlockRows(rowCount, geometry.Depth, (part.Outputs + PanelWidth - 1) / PanelWidth * (long)weights.PanelLength, elementBytes);
            for (int first = 0; first < rowCount; first += block)
                RunBlock<TEpilogue>(product, first, Math.Min(block, rowCount - first));
        }
    }

    /// <summary>The ragged panel first: what its tiles write past a row's end is the next row's beginning, which the other panels then write.</summary>
    private void RunBlock<TEpilogue>(in Product product, int first, int count)
        where TEpilogue : struct, IEpilogue
    {
        int width = PanelWidth, ragged = product.Outputs % width;
        if (ragged > TIsa.Lanes)
            PanelOfBlock<TwoVectors, TEpilogue>(product, first, count, product.Outputs - ragged, ragged);
        else if (ragged > 0)
            PanelOfBlock<OneVector, TEpilogue>(product, first, count, product.Outputs - ragged, ragged);
        for (int n = 0; n + width <= product.Outputs; n += width)
            PanelOfBlock<TwoVectors, TEpilogue>(product, first, count, n, width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PanelOfBlock<TColumns, TEpilogue>(in Product product, int first, int count, int n, int columns)
        where TColumns : struct, ITileColumns
        where TEpilogue : struct, IEpilogue
    {
        int width = PanelWidth, written = TColumns.HasSecond ? width : TIsa.Lanes;
        int direct = Tiling.DirectRows(first, count, n, columns, written, product.Outputs, product.Stride, product.Length);
        sbyte* panel = product.Panels + n / width * product.PanelLength;
        float* bias = product.Bias + n, c = product.C + (nint)first * product.Stride + n;
        float* scales = stackalloc float[Tiling.Rows * width];
        int* starts = stackalloc int[Tiling.Rows * width];
        int done = 0;
        if (!product.ScaleEachRow)
        {
            Begin<TEpilogue>(product, n, 0, scales, starts);
            (int sixes, int fives) = Tiling.Split(direct);
            int upper = sixes * Tiling.Rows;
            Panel<TColumns, SixRows, TEpilogue>(product, product.RowOffsets + first, sixes, panel, bias, scales, starts, 0, c, product.Stride);
            if (fives > 0)
                Panel<TColumns, FiveRows, TEpilogue>(product, product.RowOffsets + first + upper, fives, panel, bias, scales, starts, 0, c + (nint)upper * product.Stride, product.Stride);
            done = upper + fives * Tiling.LowerRows;
        }

        float* edge = stackalloc float[Tiling.Rows * width];
        int* rows = stackalloc int[Tiling.Rows];
        for (int m = done; m < count; m += Tiling.Rows)
        {
            for (int i = 0; i < Tiling.Rows; i++)
            {
                int row = first + Math.Min(m + i, count - 1); // rows past the end repeat the last one
                rows[i] = product.RowOffsets[row];
                if (product.ScaleEachRow)
                    Begin<TEpilogue>(product, n, row, scales + i * width, starts + i * width);
            }

            int rowStep = product.ScaleEachRow ? width : 0;
            if (m + Tiling.Rows <= direct)
            {
                Panel<TColumns, SixRows, TEpilogue>(product, rows, 1, panel, bias, scales, starts, rowStep, c + (nint)m * product.Stride, product.Stride);
                continue;
            }

            Panel<TColumns, SixRows, TEpilogue>(product, rows, 1, panel, bias, scales, starts, rowStep, edge, width);
            for (int i = 0; i < Math.Min(Tiling.Rows, count - m); i++)
                new ReadOnlySpan<float>(edge + i * width, columns).CopyTo(new Span<float>(c + (nint)(m + i) * product.Stride, columns));
        }
    }

    private void RunRow<TEpilogue>(in Product product)
        where TEpilogue : struct, IEpilogue
    {
        int width = PanelWidth;
        float* edge = stackalloc float[width];
        float* scales = stackalloc float[4 * width];
        int* starts = stackalloc int[4 * width];
        byte* a = product.A + (nint)product.RowOffsets[0] * product.ElementBytes;
        sbyte* panel = product.Panels;
        int n = 0;
        for (; n + 4 * width <= product.Outputs; n += 4 * width, panel += 4 * product.PanelLength)
        {
            for (int i = 0; i < 4; i++)
                Begin<TEpilogue>(product, n + i * width, 0, scales + i * width, starts + i * width);
            Row4<TEpilogue>(a, product, panel, product.Bias + n, scales, starts, product.C + n);
        }

        for (; n < product.Outputs; n += width, panel += product.PanelLength)
        {
            int columns = Math.Min(width, product.Outputs - n);
            Begin<TEpilogue>(product, n, 0, scales, starts);
            Row1<TEpilogue>(a, product, panel, product.Bias + n, scales, starts, edge);
            new ReadOnlySpan<float>(edge, columns).CopyTo(new Span<float>(product.C + n, columns));
        }
    }

    /// <summary>What a row's accumulators start from (minus what the stored form will add too much), and what they are multiplied by at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Begin<TEpilogue>(in Product product, int n, int row, float* scales, int* starts)
        where TEpilogue : struct, IEpilogue
    {
        TInt excess = TIsa.BroadcastInt(product.Corrections[row]);
        TFloat scale = TIsa.Broadcast(product.RowScales[row]);
        for (nint at = 0; at < 2 * TIsa.Lanes; at += TIsa.Lanes)
        {
            TIsa.StoreInt(starts + at, TIsa.MultiplySubtract(TEpilogue.Start(product.Bias + n + at), excess, TIsa.LoadInt(product.Sums + n + at)));
            TIsa.Store(scales + at, TIsa.Multiply(scale, TIsa.Load(product.Scales + n + at)));
        }
    }

    /// <summary>Tiles of one panel, one below the other; the rows' starts and scales lie <paramref name="rowStep"/> apart, or are the same for all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Panel<TColumns, TRows, TEpilogue>(
        in Product product, int* rows, int tiles, sbyte* panel, float* bias, float* scales, int* starts, nint rowStep, float* c, nint stride)
        where TColumns : struct, ITileColumns
        where TRows : struct, ITileRows
        where TEpilogue : struct, IEpilogue
    {
        nint lanes = TIsa.Lanes, vectorBytes = lanes * TDot.Form.GroupSize(), length = 4 * product.GroupsPerSegment, height = TRows.HasSixth ? Tiling.Rows : Tiling.LowerRows;
        TFloat low = TIsa.Broadcast(product.Minimum), high = TIsa.Broadcast(product.Maximum);
        for (; tiles > 0; tiles--, rows += height, c += height * stride)
        {
            TInt c00 = TIsa.LoadInt(starts), c01 = TColumns.HasSecond ? TIsa.LoadInt(starts + lanes) : c00;
            TInt c10 = TIsa.LoadInt(starts + rowStep), c11 = TColumns.HasSecond ? TIsa.LoadInt(starts + rowStep + lanes) : c10;
            TInt c20 = TIsa.LoadInt(starts + 2 * rowStep), c21 = TColumns.HasSecond ? TIsa.LoadInt(starts + 2 * rowStep + lanes) : c20;
            TInt c30 = TIsa.LoadInt(starts + 3 * rowStep), c31 = TColumns.HasSecond ? TIsa.LoadInt(starts + 3 * rowStep + lanes) : c30;
            TInt c40 = TIsa.LoadInt(starts + 4 * rowStep), c41 = TColumns.HasSecond ? TIsa.LoadInt(starts + 4 * rowStep + lanes) : c40;
            TInt c50 = TRows.HasSixth ? TIsa.LoadInt(starts + 5 * rowStep) : c40, c51 = TRows.HasSixth && TColumns.HasSecond ? TIsa.LoadInt(starts + 5 * rowStep + lanes) : c50;
            sbyte* w = panel;
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

            Store<TColumns, TEpilogue>(c, c00, c01, scales, bias, low, high);
            Store<TColumns, TEpilogue>(c + stride, c10, c11, scales + rowStep, bias, low, high);
            Store<TColumns, TEpilogue>(c + 2 * stride, c20, c21, scales + 2 * rowStep, bias, low, high);
            Store<TColumns, TEpilogue>(c + 3 * stride, c30, c31, scales + 3 * rowStep, bias, low, high);
            Store<TColumns, TEpilogue>(c + 4 * stride, c40, c41, scales + 4 * rowStep, bias, low, high);
            if (TRows.HasSixth)
                Store<TColumns, TEpilogue>(c + 5 * stride, c50, c51, scales + 5 * rowStep, bias, low, high);
        }
    }

    /// <summary>One row by four panels, two vectors of each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row4<TEpilogue>(byte* a, in Product product, sbyte* w, float* bias, float* scales, int* starts, float* c)
        where TEpilogue : struct, IEpilogue
    {
        nint lanes = TIsa.Lanes, vectorBytes = lanes * TDot.Form.GroupSize(), panelLength = product.PanelLength;
        sbyte* q1 = w + panelLength, q2 = q1 + panelLength, q3 = q2 + panelLength;
        TInt c0 = TIsa.LoadInt(starts), c1 = TIsa.LoadInt(starts + lanes), c2 = TIsa.LoadInt(starts + 2 * lanes), c3 = TIsa.LoadInt(starts + 3 * lanes);
        TInt c4 = TIsa.LoadInt(starts + 4 * lanes), c5 = TIsa.LoadInt(starts + 5 * lanes), c6 = TIsa.LoadInt(starts + 6 * lanes), c7 = TIsa.LoadInt(starts + 7 * lanes);
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
        Store<TwoVectors, TEpilogue>(c, c0, c1, scales, bias, low, high);
        Store<TwoVectors, TEpilogue>(c + width, c2, c3, scales + width, bias + width, low, high);
        Store<TwoVectors, TEpilogue>(c + 2 * width, c4, c5, scales + 2 * width, bias + 2 * width, low, high);
        Store<TwoVectors, TEpilogue>(c + 3 * width, c6, c7, scales + 3 * width, bias + 3 * width, low, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row1<TEpilogue>(byte* a, in Product product, sbyte* w, float* bias, float* scales, int* starts, float* c)
        where TEpilogue : struct, IEpilogue
    {
        nint lanes = TIsa.Lanes, vectorBytes = lanes * TDot.Form.GroupSize();
        TInt c0 = TIsa.LoadInt(starts), c1 = TIsa.LoadInt(starts + lanes);
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

        Store<TwoVectors, TEpilogue>(c, c0, c1, scales, bias, TIsa.Broadcast(product.Minimum), TIsa.Broadcast(product.Maximum));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TColumns, TEpilogue>(float* target, TInt first, TInt second, float* scales, float* bias, TFloat low, TFloat high)
        where TColumns : struct, ITileColumns
        where TEpilogue : struct, IEpilogue
    {
        nint lanes = TIsa.Lanes;
        TEpilogue.Store(target, first, scales, bias, low, high);
        if (TColumns.HasSecond)
            TEpilogue.Store(target + lanes, second, scales + lanes, bias + lanes, low, high);
    }

    /// <summary>What becomes of the sums: four bytes of C each.</summary>
    private interface IEpilogue
    {
        /// <summary>What the accumulators begin with.</summary>
        static abstract TInt Start(float* bias);

        static abstract void Store(float* target, TInt sums, float* scales, float* bias, TFloat low, TFloat high);
    }

    private readonly struct ScaledSums : IEpilogue
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TInt Start(float* bias) => default;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(float* target, TInt sums, float* scales, float* bias, TFloat low, TFloat high) =>
            TIsa.Store(target, TIsa.MinNative(high, TIsa.MaxNative(low, TIsa.MultiplyAdd(TIsa.ToFloat(sums), TIsa.Load(scales), TIsa.Load(bias)))));
    }

    /// <summary>The integers themselves; bias and C hold int32 bits.</summary>
    private readonly struct Sums : IEpilogue
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TInt Start(float* bias) => TIsa.LoadInt((int*)bias);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(float* target, TInt sums, float* scales, float* bias, TFloat low, TFloat high) => TIsa.StoreInt((int*)target, sums);
    }

    /// <summary>The operands of one product, as pointers into what is pinned meanwhile.</summary>
    private readonly struct Product(
        byte* a, int* rowOffsets, int rows, int* segments, nint segmentCount, nint groupsPerSegment, int elementBytes, sbyte* panels, nint panelLength, float* scales, float* bias, int* sums,
        int outputs, float* rowScales, int* corrections, bool scaleEachRow, float* c, int stride, float minimum, float maximum)
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
        public readonly bool ScaleEachRow = scaleEachRow;
        public readonly float Minimum = minimum;
        public readonly float Maximum = maximum;

        /// <summary>Elements of C up to the end of the last row.</summary>
        public long Length => (Rows - 1) * (long)Stride + Outputs;
    }
}
