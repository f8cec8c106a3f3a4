using System.Runtime.InteropServices;
using Quantize.Converter.TensorFlow;

namespace Quantize.Converter.Tests.Ops;

/// <summary>Operands of every rank up to 6, stretched over each other, with lengths of 0, 1 and more, known when the model is converted or only when it runs.</summary>
public sealed class BroadcastTests
{
    private const int MostDimensions = 6;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Two_operands_meet_element_by_element(int seed)
    {
        var random = new Random(seed);
        int[] shape = Shape(random);
        int[] a = Part(random, shape), b = Part(random, shape);
        int[] output = Stretched(a, b);
        float[] left = Numbers(a, 1), right = Numbers(b, 100);
        var builder = new TfGraphBuilder();
        bool isOpen = seed % 2 == 1;
        TfEdge y = builder.Node("y", "Sub", [Input(builder, "a", a, isOpen), Input(builder, "b", b, isOpen)]);
        (int[] actual, byte[] data) = GraphRun.Bytes(builder, y, [a, b], left, right);
        Assert.Equal(output, actual);
        Assert.Equal(Places(output).Select(place => left[At(a, place)] - right[At(b, place)]), MemoryMarshal.Cast<byte, float>(data).ToArray());
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_choice_meets_element_by_element(int seed)
    {
        var random = new Random(seed);
        int[] shape = Shape(random);
        int[] condition = Part(random, shape), a = Part(random, shape), b = Part(random, shape);
        int[] output = Stretched(Stretched(condition, a), b);
        bool[] holds = [.. Numbers(condition, 0).Select(number => number % 3 == 1)];
        float[] left = Numbers(a, 1), right = Numbers(b, 100);
        var builder = new TfGraphBuilder();
        bool isOpen = seed % 2 == 1;
        TfEdge y = builder.Node("y", "SelectV2", [Input(builder, "c", condition, isOpen, TfDataType.Bool), Input(builder, "a", a, isOpen), Input(builder, "b", b, isOpen)]);
        (int[] actual, byte[] data) = GraphRun.Bytes(builder, y, [condition, a, b], holds, left, right);
        Assert.Equal(output, actual);
        Assert.Equal(Places(output).Select(place => holds[At(condition, place)] ? left[At(a, place)] : right[At(b, place)]), MemoryMarshal.Cast<byte, float>(data).ToArray());
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_sum_goes_along_any_axes(int seed)
    {
        var random = new Random(seed);
        int[] shape = Shape(random);
        int[] axes = [.. Enumerable.Range(0, shape.Length).Where(_ => random.Next(2) == 0)];
        int[] named = [.. axes.Select(axis => random.Next(2) == 0 ? axis : axis - shape.Length)];
        bool keep = random.Next(2) == 0;
        float[] numbers = Numbers(shape, 1);
        var builder = new TfGraphBuilder();
        TfEdge y = builder.Node("y", "Sum", [Input(builder, "x", shape, seed % 2 == 1), builder.Ints("axes", [named.Length], named)], ("keep_dims", keep));
        (int[] actual, byte[] data) = GraphRun.Bytes(builder, y, [shape], numbers);
        int[] kept = [.. shape.Select((length, axis) => axes.Contains(axis) ? 1 : length)];
        Assert.Equal(keep ? kept : [.. shape.Where((_, axis) => !axes.Contains(axis))], actual);
        var sums = new float[kept.Aggregate(1, (product, length) => product * length)];
        foreach (int[] place in Places(shape))
            sums[At(kept, place)] += numbers[At(shape, place)];
        Assert.Equal(sums, MemoryMarshal.Cast<byte, float>(data).ToArray());
    }

    private static TfEdge Input(TfGraphBuilder builder, string name, int[] shape, bool isOpen, TfDataType type = TfDataType.Float32) =>
        builder.Input(name, type, [.. shape.Select(length => isOpen && length != 1 ? -1L : length)]);

    private static int[] Shape(Random random) =>
        [.. Enumerable.Range(0, random.Next(MostDimensions + 1)).Select(_ => random.Next(8) switch { 0 => 0, 1 => 1, int length => 1 + length % 3 })];

    /// <summary>Some of the last dimensions, some of them 1.</summary>
    private static int[] Part(Random random, int[] shape) => [.. shape[random.Next(shape.Length + 1)..].Select(length => random.Next(3) == 0 ? 1 : length)];

    private static int[] Stretched(int[] a, int[] b)
    {
        int rank = Math.Max(a.Length, b.Length);
        int[] left = [.. Enumerable.Repeat(1, rank - a.Length), .. a], right = [.. Enumerable.Repeat(1, rank - b.Length), .. b];
        return [.. left.Zip(right, (x, y) => x == 1 ? y : x)];
    }

    private static float[] Numbers(int[] shape, int first) => [.. Enumerable.Range(first, shape.Aggregate(1, (product, length) => product * length)).Select(number => (float)number)];

    private static IEnumerable<int[]> Places(int[] shape)
    {
        IEnumerable<int[]> places = [[]];
        foreach (int length in shape)
            places = [.. places.SelectMany(place => Enumerable.Range(0, length).Select(index => (int[])[.. place, index]))];
        return places;
    }

    private static int At(int[] shape, int[] place)
    {
        int at = 0;
        for (int d = 0; d < shape.Length; d++)
            at = at * shape[d] + (shape[d] == 1 ? 0 : place[place.Length - shape.Length + d]);
        return at;
    }
}
