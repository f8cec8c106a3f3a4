using System.Runtime.InteropServices;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Kernels;

/// <summary>
/// 8-bit weights [outputs, segments, segmentLength] as panels [outputs / width][segments][groups][width][groupSize]; segments are padded with zeros to whole
/// groups, outputs to whole panels. Beside them scale, bias and the sum of the weights of each output.
/// </summary>
internal sealed class PackedHybridWeights
{
    private readonly AlignedBuffer _panels;
    private readonly AlignedBuffer _scales;
    private readonly AlignedBuffer _bias;
    private readonly AlignedBuffer _sums;

    public PackedHybridWeights(ReadOnlySpan<sbyte> weights, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, int outputs, int segments, int segmentLength, int width, ActivationForm form)
    {
        Outputs = outputs;
        Width = width;
        Form = form;
        int groupSize = form.GroupSize();
        GroupsPerSegment = (segmentLength + groupSize - 1) / groupSize;
        PanelLength = checked(segments * GroupsPerSegment * width * groupSize);
        int panels = (outputs + width - 1) / width;
        _panels = new AlignedBuffer(checked(panels * PanelLength));
        _scales = new AlignedBuffer(panels * width * sizeof(float));
        _bias = new AlignedBuffer(panels * width * sizeof(float));
        _sums = new AlignedBuffer(panels * width * sizeof(int));
        bias.CopyTo(MemoryMarshal.Cast<byte, float>(_bias.Span));
        Span<float> outputScales = MemoryMarshal.Cast<byte, float>(_scales.Span);
        Span<int> sums = MemoryMarshal.Cast<byte, int>(_sums.Span);
        Span<sbyte> packed = MemoryMarshal.Cast<byte, sbyte>(_panels.Span);
        for (int n = 0; n < outputs; n++)
        {
            outputScales[n] = scales[scales.Length == 1 ? 0 : n];
            int panel = n / width * PanelLength + n % width * groupSize;
            ReadOnlySpan<sbyte> row = weights.Slice(n * segments * segmentLength, segments * segmentLength);
            for (int s = 0; s < segments; s++)
                Spread(row.Slice(s * segmentLength, segmentLength), groupSize, width, packed[(panel + s * GroupsPerSegment * width * groupSize)..]);
            foreach (sbyte weight in row)
                sums[n] += weight;
        }
    }

    public int Outputs { get; }

    public int Width { get; }

    public ActivationForm Form { get; }

    public int GroupsPerSegment { get; }

    /// <summary>Bytes of one panel.</summary>
    public int PanelLength { get; }

    public ReadOnlySpan<sbyte> Panels => MemoryMarshal.Cast<byte, sbyte>(_panels.Span);

    public ReadOnlySpan<float> Scales => MemoryMarshal.Cast<byte, float>(_scales.Span);

    public ReadOnlySpan<float> Bias => MemoryMarshal.Cast<byte, float>(_bias.Span);

    public ReadOnlySpan<int> Sums => MemoryMarshal.Cast<byte, int>(_sums.Span);

    /// <summary>Groups of a row, one behind the other, to their places in a panel.</summary>
    private static void Spread(ReadOnlySpan<sbyte> row, int groupSize, int width, Span<sbyte> panel)
    {
        int whole = row.Length / groupSize * groupSize, at = 0, step = width * groupSize;
        if (groupSize == sizeof(int))
        {
            foreach (int group in MemoryMarshal.Cast<sbyte, int>(row[..whole]))
            {
                MemoryMarshal.Write(MemoryMarshal.AsBytes(panel[at..]), group);
                at += step;
            }
        }
        else
        {
            for (int k = 0; k < whole; k += groupSize, at += step)
                row.Slice(k, groupSize).CopyTo(panel[at..]);
        }

        row[whole..].CopyTo(panel[Math.Min(at, panel.Length)..]);
    }
}
