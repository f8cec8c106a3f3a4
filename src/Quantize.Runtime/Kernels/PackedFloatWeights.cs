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
        int panels = (outputs + width - 1) / width;
        _panels = new AlignedBuffer(checked(panels * depth * width * sizeof(float)));
        _bias = new AlignedBuffer(panels * width * sizeof(float));
        bias.CopyTo(MemoryMarshal.Cast<byte, float>(_bias.Span));
        Span<float> packed = MemoryMarshal.Cast<byte, float>(_panels.Span);
        for (int n = 0; n < outputs; n++)
        {
            ReadOnlySpan<float> row = weights.Slice(n * depth, depth);
            int at = n / width * depth * width + n % width;
            for (int k = 0; k < depth; k++, at += width)
                packed[at] = row[k];
        }
    }

    public int Outputs { get; }

    public int Depth { get; }

    public int Width { get; }

    public ReadOnlySpan<float> Panels => MemoryMarshal.Cast<byte, float>(_panels.Span);

    public ReadOnlySpan<float> Bias => MemoryMarshal.Cast<byte, float>(_bias.Span);
}
