namespace Quantize.Runtime.Kernels;

/// <summary>
/// A convolution by Winograd's minimal filtering over the points 0, 1, -1, 2, -2 and infinity: tiles of 6 x 6 input pixels give 4 x 4 outputs of a 3 x 3 filter, or 2 x 2 of
/// a 5 x 5 one, with 36 products for each pair of channels instead of 144 or 100. In float the result lies
/// within 16 * 2^-24 of the exact one, times the greatest magnitude of the input and the sum of the filter's for that output.
/// </summary>
internal sealed class WinogradLayout
{
    /// <summary>Rows and columns of an input tile.</summary>
    public const int Size = 6;

    /// <summary>Places of a transformed tile.</summary>
    public const int Places = Size * Size;

    private const int LineFloats = 16;
    private const int ChannelMultiple = 16;
    private const int FewestChannels = 16;
    private const int FewestTiles = 16;
    private const long MostWeightBytes = 4 << 20;
    private const int FewestTilesOfSmallFilter = 4;
    private const long MostWeightBytesOfSmallFilter = 1 << 20;
    private const int BlockBytes = 256 << 10;

    public WinogradLayout(ConvolutionGeometry geometry, int outputs)
    {
        Geometry = geometry;
        Outputs = outputs;
        TileOutputs = Size - geometry.FilterHeight + 1;
        TileRows = Tiles(geometry.OutputHeight, geometry.FilterHeight);
        TileColumns = Tiles(geometry.OutputWidth, geometry.FilterWidth);
        int fitting = BlockBytes / (Places * sizeof(float) * Math.Max(geometry.Channels, outputs));
        int blocks = (TileCount + fitting - 1) / Math.Max(1, fitting);
        Block = (TileCount + blocks - 1) / Math.Max(1, blocks);
    }

    public ConvolutionGeometry Geometry { get; }

    public int Outputs { get; }

    /// <summary>Rows and columns of an output tile.</summary>
    public int TileOutputs { get; }

    public int TileRows { get; }

    public int TileColumns { get; }

    public int TileCount => TileRows * TileColumns;

    /// <summary>Tiles that are transformed, multiplied and transformed back before the next ones, so that they stay in the second-level cache.</summary>
    public int Block { get; }

    /// <summary>Floats of a block of transformed input tiles, [places][tiles][channels].</summary>
    public int InputLength => checked(Places * PlaceStride(Block, Geometry.Channels));

    /// <summary>Floats of a block of products, [places][tiles][outputs].</summary>
    public int ProductLength => checked(Places * PlaceStride(Block, Outputs));

    /// <summary>
    /// From one place's floats to the next one's. Both transforms walk from place to place: a line more than the floats themselves, so that not all places meet in one set of the cache.
    /// </summary>
    public static int PlaceStride(int tiles, int channels) => checked(tiles * channels + LineFloats);

    /// <summary>Whether it pays: a rule over shapes alone, the same on every machine. The transformed filter is 4 or 1.4 times as large as the plain one.</summary>
    public static bool Pays(ConvolutionGeometry geometry, int outputs) =>
        geometry is { Groups: 1, StrideHeight: 1, StrideWidth: 1, DilationHeight: 1, DilationWidth: 1, FilterHeight: 3 or 5 }
        && geometry.FilterWidth == geometry.FilterHeight
        && geometry.Channels >= FewestChannels && geometry.Channels % ChannelMultiple == 0 && outputs % ChannelMultiple == 0
        && PaysForItsFilter(
            (long)Tiles(geometry.OutputHeight, geometry.FilterHeight) * Tiles(geometry.OutputWidth, geometry.FilterWidth), (long)Places * geometry.Channels * outputs * sizeof(float));

    /// <summary>Of a filter [outputs, height, width, channels] the matrices [outputs, channels] of all places, one behind the other.</summary>
    public float[] TransformFilter(ReadOnlySpan<float> filter)
    {
        int size = Geometry.FilterHeight, channels = Geometry.Channels, matrix = Outputs * channels;
        double[,] points = FilterTransform(size);
        var transformed = new float[Places * matrix];
        Span<double> rows = stackalloc double[Size * size];
        for (int n = 0; n < Outputs; n++)
        {
            for (int c = 0; c < channels; c++)
            {
                for (int i = 0; i < Size; i++)
                {
                    for (int x = 0; x < size; x++)
                    {
                        double sum = 0;
                        for (int y = 0; y < size; y++)
                            sum += points[i, y] * filter[((n * size + y) * size + x) * channels + c];
                        rows[i * size + x] = sum;
                    }
                }

                for (int place = 0; place < Places; place++)
                {
                    double sum = 0;
                    for (int x = 0; x < size; x++)
                        sum += points[place % Size, x] * rows[place / Size * size + x];
                    transformed[place * matrix + n * channels + c] = (float)sum;
                }
            }
        }

        return transformed;
    }

    /// <summary>The transformed filter is fetched once for all tiles: a small one from the second-level cache, a larger one from further away.</summary>
    private static bool PaysForItsFilter(long tiles, long weightBytes) =>
        weightBytes <= MostWeightBytesOfSmallFilter ? tiles >= FewestTilesOfSmallFilter : weightBytes <= MostWeightBytes && tiles >= FewestTiles;

    private static int Tiles(int outputs, int filter) => (outputs + Size - filter) / (Size - filter + 1);

    /// <summary>The filter as a polynomial at each point, scaled so that the other two transforms have integers only.</summary>
    private static double[,] FilterTransform(int size)
    {
        double[] points = [0, 1, -1, 2, -2], scales = [1.0 / 4, -1.0 / 6, -1.0 / 6, 1.0 / 24, 1.0 / 24];
        var transform = new double[Size, size];
        for (int i = 0; i < points.Length; i++)
        {
            for (int power = 0; power < size; power++)
                transform[i, power] = scales[i] * Math.Pow(points[i], power);
        }

        transform[Size - 1, size - 1] = 1;
        return transform;
    }
}
