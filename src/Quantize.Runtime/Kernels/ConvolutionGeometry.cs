namespace Quantize.Runtime.Kernels;

/// <summary>
/// A convolution as a matrix product without im2col: a tile row is an output pixel, its segments are rows of the (padded) input under the filter. All offsets are
/// in elements of one padded image [paddedHeight, paddedWidth, channels].
/// </summary>
internal sealed record ConvolutionGeometry(
    int InputHeight, int InputWidth, int Channels, int OutputHeight, int OutputWidth, int FilterHeight, int FilterWidth,
    int StrideHeight, int StrideWidth, int DilationHeight, int DilationWidth, int PaddingTop, int PaddingLeft, int Groups)
{
    /// <summary>Rows that the filter touches over all output positions.</summary>
    public int PaddedHeight => NeedsPadding ? Math.Max(1, ExtentHeight) : InputHeight;

    public int PaddedWidth => NeedsPadding ? Math.Max(1, ExtentWidth) : InputWidth;

    /// <summary>Whether some window leaves the input.</summary>
    public bool NeedsPadding => PaddingTop > 0 || PaddingLeft > 0 || ExtentHeight > InputHeight || ExtentWidth > InputWidth;

    public int InputLength => checked(InputHeight * InputWidth * Channels);

    public int PaddedLength => checked(PaddedHeight * PaddedWidth * Channels);

    public int OutputPixels => checked(OutputHeight * OutputWidth);

    /// <summary>Whether a filter row is one contiguous run of the image, so that it makes one segment.</summary>
    public bool RowsAreContiguous => Groups == 1 && (DilationWidth == 1 || FilterWidth == 1);

    private int ExtentHeight => checked((OutputHeight - 1) * StrideHeight + (FilterHeight - 1) * DilationHeight + 1);

    private int ExtentWidth => checked((OutputWidth - 1) * StrideWidth + (FilterWidth - 1) * DilationWidth + 1);

    /// <summary>The product of one group; group g begins g * channels / groups elements later.</summary>
    public GemmGeometry ToGemm()
    {
        int width = PaddedWidth;
        var rows = new int[OutputPixels];
        for (int y = 0, m = 0; y < OutputHeight; y++)
        {
            for (int x = 0; x < OutputWidth; x++, m++)
                rows[m] = (y * StrideHeight * width + x * StrideWidth) * Channels;
        }

        int perRow = RowsAreContiguous ? 1 : FilterWidth;
        var segments = new int[FilterHeight * perRow];
        for (int i = 0; i < segments.Length; i++)
            segments[i] = (i / perRow * DilationHeight * width + i % perRow * DilationWidth) * Channels;
        return new GemmGeometry(rows, segments, RowsAreContiguous ? FilterWidth * Channels : Channels / Groups);
    }

    /// <summary>The same convolution of an image that lacks this part of it, which is zeros: they become padding.</summary>
    public ConvolutionGeometry Without(ZeroBorder border) => this with
    {
        InputHeight = InputHeight - border.Top - border.Bottom,
        InputWidth = InputWidth - border.Left - border.Right,
        PaddingTop = PaddingTop + border.Top,
        PaddingLeft = PaddingLeft + border.Left,
    };

    /// <summary>Copies an image into its padded place; what lies outside becomes <paramref name="outside"/>.</summary>
    public void Pad<T>(ReadOnlySpan<T> image, T outside, Span<T> padded)
        where T : unmanaged => Pad(image, outside, padded, 0, PaddedHeight);

    /// <summary>The same for <paramref name="rowCount"/> rows of the padded image from <paramref name="firstRow"/> on.</summary>
    public void Pad<T>(ReadOnlySpan<T> image, T outside, Span<T> padded, int firstRow, int rowCount)
        where T : unmanaged
    {
        int rowLength = PaddedWidth * Channels;
        int left = PaddingLeft * Channels;
        int count = Math.Min(InputWidth * Channels, rowLength - left);
        for (int y = firstRow; y < firstRow + rowCount; y++)
        {
            Span<T> row = padded.Slice(y * rowLength, rowLength);
            int source = y - PaddingTop;
            if ((uint)source >= (uint)InputHeight || count <= 0)
            {
                row.Fill(outside);
                continue;
            }

            row[..left].Fill(outside);
            image.Slice(source * InputWidth * Channels, count).CopyTo(row[left..]);
            row[(left + count)..].Fill(outside);
        }
    }
}
