using System.Runtime.InteropServices;

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

    /// <summary>From [outputs, depth].</summary>
    public static void PackRows(ReadOnlySpan<float> weights, int outputs, int depth, int width, Span<float> panels)
    {
        for (int n = 0; n < outputs; n++)
        {
            ReadOnlySpan<float> row = weights.Slice(n * depth, depth);
            int at = n / width * depth * width + n % width;
            for (int k = 0; k < depth; k++, at += width)
                panels[at] = row[k];
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

    private static int Panels(int outputs, int width) => (outputs + width - 1) / width;
}
