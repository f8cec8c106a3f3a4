using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Quantize.Runtime.Kernels;

/// <summary>Weights [outputs, depth] as panels [outputs / width][depth][width], and the bias, both padded with zeros to whole panels.</summary>
internal sealed class PackedFloatWeights
{
    private readonly AlignedBuffer _panels;
    private readonly AlignedBuffer _bias;

    public PackedFloatWeights(ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, int outputs, int depth, int width)
    {
        Outputs = outputs;
        Depth = depth;
        Width = width;
        _panels = new AlignedBuffer(PanelBytes(outputs, depth, width));
        _bias = new AlignedBuffer(Panels(outputs, width) * width * sizeof(float));
        bias.CopyTo(MemoryMarshal.Cast<byte, float>(_bias.Span));
        PackRows(weights, outputs, depth, width, MemoryMarshal.Cast<byte, float>(_panels.Span));
    }

    public int Outputs { get; }

    public int Depth { get; }

    public int Width { get; }

    public ReadOnlySpan<float> Data => MemoryMarshal.Cast<byte, float>(_panels.Span);

    public ReadOnlySpan<float> Bias => MemoryMarshal.Cast<byte, float>(_bias.Span);

    /// <summary>Bytes of the panels of such a matrix.</summary>
    public static int PanelBytes(int outputs, int depth, int width) => checked(Panels(outputs, width) * depth * width * sizeof(float));

    /// <summary>Zeros where the last panel has no output: memory that other steps use is packed into.</summary>
    public static void ClearLastPanel(int outputs, int depth, int width, Span<float> panels)
    {
        if (outputs % width != 0)
            panels.Slice(outputs / width * width * depth, width * depth).Clear();
    }

    /// <summary>From [outputs, depth].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackRows(ReadOnlySpan<float> weights, int outputs, int depth, int width, Span<float> panels)
    {
        // Four rows of one panel are read below outputs * depth, and written below their panel's end: width is a multiple of four, as every instruction set's is but the scalar one's.
        ArgumentOutOfRangeException.ThrowIfLessThan(weights.Length, checked(outputs * depth));
        ArgumentOutOfRangeException.ThrowIfLessThan(panels.Length, PanelBytes(outputs, depth, width) / sizeof(float));
        for (int n = 0; n < outputs; n++)
        {
            int at = n / width * depth * width + n % width;
            if (width % 4 != 0 || n + 4 > outputs)
            {
                Spread(weights.Slice(n * depth, depth), width, panels[at..]);
                continue;
            }

            int k = 0;
            for (; k + 4 <= depth; k += 4)
                SpreadFour(ref Unsafe.AsRef(in weights[n * depth + k]), depth, ref panels[at + k * width], width);
            for (int row = 0; row < 4; row++)
                Spread(weights.Slice((n + row) * depth + k, depth - k), width, panels[Math.Min(at + k * width + row, panels.Length)..]);
            n += 3;
        }
    }

    /// <summary>From [depth, outputs].</summary>
    public static void PackColumns(ReadOnlySpan<float> weights, int outputs, int depth, int width, Span<float> panels)
    {
        for (int k = 0; k < depth; k++)
        {
            ReadOnlySpan<float> row = weights.Slice(k * outputs, outputs);
            for (int n = 0; n < outputs; n += width)
                row.Slice(n, Math.Min(width, outputs - n)).CopyTo(panels[(n * depth + k * width)..]);
        }
    }

    private static void Spread(ReadOnlySpan<float> row, int width, Span<float> target)
    {
        for (int k = 0, at = 0; k < row.Length; k++, at += width)
            target[at] = row[k];
    }

    /// <summary>Four elements of four rows: as many columns of four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SpreadFour(ref float rows, int stride, ref float columns, int width)
    {
        Vector128<float> a = Vector128.LoadUnsafe(ref rows), b = Vector128.LoadUnsafe(ref rows, (nuint)stride);
        Vector128<float> c = Vector128.LoadUnsafe(ref rows, (nuint)(2 * stride)), d = Vector128.LoadUnsafe(ref rows, (nuint)(3 * stride));
        Vector128<float> lowAB = Interleaved(a, b, Vector128.Create(0, 0, 1, 1)), highAB = Interleaved(a, b, Vector128.Create(2, 2, 3, 3));
        Vector128<float> lowCD = Interleaved(c, d, Vector128.Create(0, 0, 1, 1)), highCD = Interleaved(c, d, Vector128.Create(2, 2, 3, 3));
        LowerHalves(lowAB, lowCD).StoreUnsafe(ref columns);
        UpperHalves(lowAB, lowCD).StoreUnsafe(ref columns, (nuint)width);
        LowerHalves(highAB, highCD).StoreUnsafe(ref columns, (nuint)(2 * width));
        UpperHalves(highAB, highCD).StoreUnsafe(ref columns, (nuint)(3 * width));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Interleaved(Vector128<float> a, Vector128<float> b, Vector128<int> twice) =>
        Vector128.ConditionalSelect(Vector128.Create(-1, 0, -1, 0).AsSingle(), Vector128.Shuffle(a, twice), Vector128.Shuffle(b, twice));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> LowerHalves(Vector128<float> a, Vector128<float> b) =>
        Vector128.ConditionalSelect(Vector128.Create(-1, -1, 0, 0).AsSingle(), a, Vector128.Shuffle(b, Vector128.Create(0, 1, 0, 1)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> UpperHalves(Vector128<float> a, Vector128<float> b) =>
        Vector128.ConditionalSelect(Vector128.Create(-1, -1, 0, 0).AsSingle(), Vector128.Shuffle(a, Vector128.Create(2, 3, 2, 3)), b);

    private static int Panels(int outputs, int width) => (outputs + width - 1) / width;
}
