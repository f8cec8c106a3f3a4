using Quantize.Runtime.Kernels;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>Some rows of a convolution's output, and the convolution that makes them of the rows of the image which they need.</summary>
/// <param name="FirstOutput">The first of the output's rows.</param>
/// <param name="FirstInput">The first of the image's rows.</param>
/// <param name="Geometry">Of these rows alone.</param>
internal sealed record RowBlock(int FirstOutput, int FirstInput, ConvolutionGeometry Geometry)
{
    /// <summary>Floats of the rows of both sides that a block may have: 256 KiB, which stay in the second cache of most processors.</summary>
    private const int MostFloats = 1 << 16;

    /// <summary>The whole output, of so many channels, in order.</summary>
    public static RowBlock[] Of(ConvolutionGeometry g, int channels)
    {
        long inputRow = (long)g.InputWidth * g.Channels, outputRow = (long)g.OutputWidth * channels, shared = (g.FilterHeight - 1) * (long)g.DilationHeight + 1;
        int rows = (int)Math.Clamp((MostFloats - shared * inputRow) / Math.Max(1, g.StrideHeight * inputRow + outputRow), 1, Math.Max(1, g.OutputHeight));
        return [.. Enumerable.Range(0, (g.OutputHeight + rows - 1) / rows).Select(i => Of(g, i * rows, Math.Min(rows, g.OutputHeight - i * rows)))];
    }

    private static RowBlock Of(ConvolutionGeometry g, int firstOutput, int rows)
    {
        int top = checked(firstOutput * g.StrideHeight - g.PaddingTop), bottom = checked(top + (rows - 1) * g.StrideHeight + (g.FilterHeight - 1) * g.DilationHeight + 1);
        int first = Math.Clamp(top, 0, g.InputHeight), end = Math.Clamp(bottom, first, g.InputHeight);
        return new RowBlock(firstOutput, first, g with { InputHeight = end - first, OutputHeight = rows, PaddingTop = first - top });
    }
}
