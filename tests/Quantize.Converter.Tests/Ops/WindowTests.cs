using Quantize.Converter.TensorFlow;

namespace Quantize.Converter.Tests.Ops;

/// <summary>Convolutions, pools and patches against their definitions, in both layouts and with every padding.</summary>
public sealed class WindowTests
{
    private const int Batch = 2, Height = 7, Width = 6, Inputs = 4;

    public static TheoryData<string, string, int, int> Windows()
    {
        var data = new TheoryData<string, string, int, int>();
        foreach (string format in (string[])["NHWC", "NCHW"])
        {
            foreach (string padding in (string[])["SAME", "VALID", "EXPLICIT"])
            {
                data.Add(format, padding, 1, 1);
                data.Add(format, padding, 2, 1);
                data.Add(format, padding, 1, 2);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Windows))]
    public void Convolutions_are_sums_over_windows(string format, string padding, int stride, int dilation)
    {
        foreach (int groups in (int[])[1, 2])
        {
            foreach (bool isComputed in (bool[])[false, true])
            {
                var builder = new TfGraphBuilder();
                float[] image = NumberedFloats.Of(1, Batch, Height, Width, Inputs);
                int[] filterShape = [3, 2, Inputs / groups, 6];
                float[] filter = NumberedFloats.Of(2, filterShape);
                TfEdge weights = isComputed ? builder.Input("filter", 3, 2, Inputs / groups, 6) : builder.Floats("filter", filterShape, filter);
                TfEdge x = Image(builder, format);
                builder.Reorder("x", "filter");
                TfEdge conv = builder.Node("conv", "Conv2D", [x, weights], Attributes(format, padding, stride, dilation));
                float[] expected = Window(padding, stride, dilation, 6, (b, y, px, c, place) => Enumerable.Range(0, Inputs / groups).Sum(i =>
                    At(image, b, y, px, c / (6 / groups) * (Inputs / groups) + i) * filter[NumberedFloats.Position(filterShape, place / 2, place % 2, i, c)]));
                Array[] inputs = isComputed ? [Ordered(image, format), filter] : [Ordered(image, format)];
                Assert.Equal(expected, Last(GraphRun.Bytes(builder, conv, inputs), format));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Windows))]
    public void Depthwise_convolutions_keep_channels_apart(string format, string padding, int stride, int dilation)
    {
        var builder = new TfGraphBuilder();
        float[] image = NumberedFloats.Of(1, Batch, Height, Width, Inputs), filter = NumberedFloats.Of(2, 3, 2, Inputs, 2);
        TfEdge conv = builder.Node("conv", "DepthwiseConv2dNative", [Image(builder, format), builder.Floats("filter", [3, 2, Inputs, 2], filter)], Attributes(format, padding, stride, dilation));
        float[] expected = Window(padding, stride, dilation, 2 * Inputs, (b, y, x, c, place) => At(image, b, y, x, c / 2) * filter[place * 2 * Inputs + c]);
        Assert.Equal(expected, Last(GraphRun.Bytes(builder, conv, Ordered(image, format)), format));
    }

    [Theory]
    [InlineData("NHWC", "SAME")]
    [InlineData("NCHW", "VALID")]
    [InlineData("NHWC", "EXPLICIT")]
    [InlineData("NCHW", "EXPLICIT")]
    public void Maxima_ignore_the_padding(string format, string padding)
    {
        var builder = new TfGraphBuilder();
        float[] image = [.. NumberedFloats.Of(1, Batch, Height, Width, Inputs).Select(number => number - 3)];
        (string, object)[] attributes = [.. Attributes(format, padding, 2, 1), ("ksize", Listed(format, 3, 2))];
        TfEdge pool = builder.Node("pool", "MaxPool", [Image(builder, format)], attributes);
        float[] expected = Window(padding, 2, 1, Inputs, (b, y, x, c, _) => At(image, b, y, x, c), float.NegativeInfinity, Math.Max);
        Assert.Equal(expected, Last(GraphRun.Bytes(builder, pool, Ordered(image, format)), format));
    }

    [Fact]
    public void A_pool_may_get_its_window_as_inputs()
    {
        var builder = new TfGraphBuilder();
        float[] image = NumberedFloats.Of(1, Batch, Height, Width, Inputs);
        TfEdge pool = builder.Node("pool", "MaxPoolV2", [Image(builder, "NHWC"), builder.Ints("k", [4], 1, 3, 2, 1), builder.Ints("s", [4], 1, 2, 2, 1)], ("padding", "VALID"));
        Assert.Equal(Window("VALID", 2, 1, Inputs, (b, y, x, c, _) => At(image, b, y, x, c), float.NegativeInfinity, Math.Max), GraphRun.Floats(builder, pool, image));
    }

    [Fact]
    public void A_pool_may_group_channels()
    {
        var builder = new TfGraphBuilder();
        float[] image = NumberedFloats.Of(1, Batch, Height, Width, Inputs);
        TfEdge pool = builder.Node("pool", "MaxPool", [Image(builder, "NHWC")], ("padding", "VALID"), ("ksize", new long[] { 1, 1, 1, 2 }), ("strides", new long[] { 1, 1, 1, 2 }));
        float[] expected = [.. image.Chunk(2).Select(pair => Math.Max(pair[0], pair[1]))];
        Assert.Equal(expected, GraphRun.Floats(builder, pool, image));
    }

    [Theory]
    [InlineData("SAME", 1, 2)]
    [InlineData("SAME", 2, 1)]
    [InlineData("VALID", 2, 1)]
    [InlineData("VALID", 1, 2)]
    public void Patches_lie_side_by_side(string padding, int stride, int rate)
    {
        var builder = new TfGraphBuilder();
        float[] image = NumberedFloats.Of(1, Batch, Height, Width, Inputs);
        TfEdge patches = builder.Node(
            "patches", "ExtractImagePatches", [Image(builder, "NHWC")], ("padding", padding), ("ksizes", new long[] { 1, 3, 2, 1 }), ("strides", new long[] { 1, stride, stride, 1 }), ("rates", new long[] { 1, rate, rate, 1 }));
        float[] expected = Window(padding, stride, rate, 6 * Inputs, (b, y, x, c, place) => c / Inputs == place ? At(image, b, y, x, c % Inputs) : 0);
        Assert.Equal(expected, GraphRun.Floats(builder, patches, image));
    }

    [Theory]
    [InlineData("NHWC", "SAME", 2, 1)]
    [InlineData("NHWC", "VALID", 2, 1)]
    [InlineData("NHWC", "EXPLICIT", 2, 1)]
    [InlineData("NHWC", "SAME", 1, 2)]
    [InlineData("NCHW", "VALID", 1, 2)]
    [InlineData("NCHW", "EXPLICIT", 2, 1)]
    public void A_transposed_convolution_gives_back_what_the_convolution_took(string format, string padding, int stride, int dilation)
    {
        int[] filterShape = [3, 2, Inputs, 5]; // of the convolution that is transposed: its inputs are the outputs here
        float[] filter = NumberedFloats.Of(2, filterShape);
        (int rows, int columns, int top, int left) = Geometry(padding, stride, dilation);
        float[] small = NumberedFloats.Of(1, Batch, rows, columns, 5), expected = new float[Batch * Height * Width * Inputs];
        for (int at = 0; at < Batch * rows * columns * 6; at++)
        {
            int place = at % 6, pixel = at / 6, b = pixel / (rows * columns);
            int y = pixel / columns % rows * stride - top + place / 2 * dilation, x = pixel % columns * stride - left + place % 2 * dilation;
            for (int c = 0; c < Inputs && (uint)y < Height && (uint)x < Width; c++)
                expected[NumberedFloats.Position([Batch, Height, Width, Inputs], b, y, x, c)] += Enumerable.Range(0, 5).Sum(i => small[pixel * 5 + i] * filter[NumberedFloats.Position(filterShape, place / 2, place % 2, c, i)]);
        }

        var builder = new TfGraphBuilder();
        TfEdge input = format == "NHWC" ? builder.Input("x", Batch, rows, columns, 5) : builder.Input("x", Batch, 5, rows, columns);
        TfEdge sizes = format == "NHWC" ? builder.Ints("sizes", [4], Batch, Height, Width, Inputs) : builder.Ints("sizes", [4], Batch, Inputs, Height, Width);
        TfEdge conv = builder.Node("conv", "Conv2DBackpropInput", [sizes, builder.Floats("filter", filterShape, filter), input], Attributes(format, padding, stride, dilation));
        Assert.Equal(expected, Last(GraphRun.Bytes(builder, conv, Ordered(small, format, rows, columns, 5)), format));
    }

    [Theory]
    [InlineData("MaxPool3D", "SAME")]
    [InlineData("AvgPool3D", "SAME")]
    [InlineData("AvgPool3D", "VALID")]
    public void Volumes_are_pooled_over_what_lies_inside(string op, string padding)
    {
        int[] shape = [1, 4, 5, 3, 2];
        float[] volume = NumberedFloats.Of(3, shape);
        var builder = new TfGraphBuilder();
        TfEdge pool = builder.Node("pool", op, [builder.Input("x", 1, 4, 5, 3, 2)], ("padding", padding), ("ksize", new long[] { 1, 3, 2, 2, 1 }), ("strides", new long[] { 1, 2, 2, 1, 1 }));
        (int[] result, byte[] data) = GraphRun.Bytes(builder, pool, volume);
        int[] size = [3, 2, 2], strides = [2, 2, 1];
        for (int at = 0; at < data.Length / sizeof(float); at++)
        {
            int[] first = new int[3];
            for (int d = 2, rest = at / 2; d >= 0; rest /= result[d + 1], d--)
                first[d] = rest % result[d + 1] * strides[d] - (padding == "SAME" ? Math.Max(0, (result[d + 1] - 1) * strides[d] + size[d] - shape[d + 1]) / 2 : 0);
            List<float> inside = [];
            for (int place = 0; place < 12; place++)
            {
                int z = first[0] + place / 4, y = first[1] + place / 2 % 2, x = first[2] + place % 2;
                if ((uint)z < 4 && (uint)y < 5 && (uint)x < 3)
                    inside.Add(volume[NumberedFloats.Position(shape, 0, z, y, x, at % 2)]);
            }

            Assert.Equal(op == "MaxPool3D" ? inside.Max() : inside.Average(), BitConverter.ToSingle(data, at * sizeof(float)), 1e-5f);
        }
    }

    private static TfEdge Image(TfGraphBuilder builder, string format) =>
        format == "NHWC" ? builder.Input("x", Batch, Height, Width, Inputs) : builder.Input("x", Batch, Inputs, Height, Width);

    private static long[] Listed(string format, long height, long width) => format == "NHWC" ? [1, height, width, 1] : [1, 1, height, width];

    private static (string, object)[] Attributes(string format, string padding, int stride, int dilation) =>
    [
        ("data_format", format), ("padding", padding), ("strides", Listed(format, stride, stride)), ("dilations", Listed(format, dilation, dilation)),
        ("explicit_paddings", padding != "EXPLICIT" ? [] : format == "NHWC" ? new long[] { 0, 0, 1, 2, 1, 0, 0, 0 } : [0, 0, 0, 0, 1, 2, 1, 0]),
    ];

    /// <summary>Windows of 3 x 2: how many there are, and the zeros above and left of the picture.</summary>
    private static (int Rows, int Columns, int Top, int Left) Geometry(string padding, int stride, int dilation)
    {
        (int rows, int top) = Along(Height, 3, padding, stride, dilation, 1, 2);
        (int columns, int left) = Along(Width, 2, padding, stride, dilation, 1, 0);
        return (rows, columns, top, left);
    }

    private static (int Count, int Before) Along(int length, int size, string padding, int stride, int dilation, int before, int behind)
    {
        int extent = (size - 1) * dilation + 1;
        if (padding == "SAME")
        {
            int count = (length + stride - 1) / stride;
            return (count, Math.Max(0, (count - 1) * stride + extent - length) / 2);
        }

        int added = padding == "VALID" ? 0 : before;
        return ((length + added + (padding == "VALID" ? 0 : behind) - extent) / stride + 1, added);
    }

    /// <summary>Folds what a term gives for every place of every window that lies inside; elements in the order [batch, row, column, channel].</summary>
    private static float[] Window(string padding, int stride, int dilation, int outputs, Func<int, int, int, int, int, float> term, float start = 0, Func<float, float, float>? fold = null)
    {
        (int rows, int columns, int top, int left) = Geometry(padding, stride, dilation);
        var result = new float[Batch * rows * columns * outputs];
        for (int at = 0; at < result.Length; at++)
        {
            int c = at % outputs, column = at / outputs % columns, row = at / outputs / columns % rows, b = at / outputs / columns / rows;
            result[at] = start;
            for (int place = 0; place < 6; place++)
            {
                int y = row * stride - top + place / 2 * dilation, x = column * stride - left + place % 2 * dilation;
                if ((uint)y < Height && (uint)x < Width)
                    result[at] = fold is null ? result[at] + term(b, y, x, c, place) : fold(result[at], term(b, y, x, c, place));
            }
        }

        return result;
    }

    private static float At(float[] image, int b, int y, int x, int c) => image[NumberedFloats.Position([Batch, Height, Width, Inputs], b, y, x, c)];

    private static float[] Ordered(float[] image, string format, int height = Height, int width = Width, int channels = Inputs) =>
        format == "NHWC" ? image : [.. Enumerable.Range(0, image.Length).Select(at => image[NumberedFloats.Position([Batch, height, width, channels], at / (channels * height * width), at / width % height, at % width, at / (height * width) % channels)])];

    /// <summary>A result with its channels last.</summary>
    private static float[] Last((int[] Shape, byte[] Data) result, string format)
    {
        float[] numbers = new float[result.Data.Length / sizeof(float)];
        Buffer.BlockCopy(result.Data, 0, numbers, 0, result.Data.Length);
        int[] shape = result.Shape;
        return format == "NHWC" ? numbers : [.. Enumerable.Range(0, numbers.Length).Select(at => numbers[NumberedFloats.Position(shape, at / (shape[1] * shape[2] * shape[3]), at % shape[1], at / (shape[3] * shape[1]) % shape[2], at / shape[1] % shape[3])])];
    }
}
