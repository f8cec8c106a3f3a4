using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Keras.Layers;

/// <summary>
/// Pools to a given number of windows, which overlap where the length is no multiple of it: window i of n begins at floor(i length / n) and ends before
/// ceil((i + 1) length / n). One axis after the other.
/// </summary>
internal static class AdaptivePooling
{
    public static Value[] AverageOne(LayerContext context) => Import(context, 1, Average);

    public static Value[] AverageTwo(LayerContext context) => Import(context, 2, Average);

    public static Value[] AverageThree(LayerContext context) => Import(context, 3, Average);

    public static Value[] MaxOne(LayerContext context) => Import(context, 1, Max);

    public static Value[] MaxTwo(LayerContext context) => Import(context, 2, Max);

    public static Value[] MaxThree(LayerContext context) => Import(context, 3, Max);

    /// <summary>Over all dimensions but batch and channels.</summary>
    public static Value[] Average(LayerContext context) => Import(context, context.X.Shape.Rank - 2, Average);

    public static Value[] Max(LayerContext context) => Import(context, context.X.Shape.Rank - 2, Max);

    private static Value[] Import(LayerContext context, int rank, Func<LayerContext, Value, int, int, Value> pool)
    {
        Value x = context.OfRank(context.X, rank + 2);
        int first = ChannelOrder.IsFirst(context) ? 2 : 1;
        int[] counts = context.Config.Lengths("output_size", rank, 1);
        for (int i = 0; i < rank; i++)
            x = context.Length(x, first + i) == counts[i] ? x : pool(context, x, first + i, counts[i]);
        return [x];
    }

    /// <summary>A product with the matrix of what each window takes.</summary>
    private static Value Average(LayerContext context, Value x, int axis, int count)
    {
        int length = context.Length(x, axis);
        var shares = new float[checked(count * length)];
        for (int i = 0; i < count; i++)
        {
            (int begin, int end) = Window(i, count, length);
            shares.AsSpan(i * length + begin, end - begin).Fill(1f / (end - begin));
        }

        string labels = "abcde"[..x.Shape.Rank];
        Value matrix = ConstantData.Of($"{context.Name}/windows_{axis}", [count, length], shares);
        return context.Call("Einsum", [x, matrix], ("equation", $"{labels},z{labels[axis]}->{labels.Replace(labels[axis], 'z')}"));
    }

    /// <summary>The members of each window side by side; shorter ones have their last member more than once.</summary>
    private static Value Max(LayerContext context, Value x, int axis, int count)
    {
        int length = context.Length(x, axis);
        int widest = Enumerable.Range(0, count).Max(i => Window(i, count, length) is var (begin, end) ? end - begin : 0);
        int[] members = [.. Enumerable.Range(0, checked(count * widest)).Select(i => Window(i / widest, count, length) is var (begin, end) ? Math.Min(begin + i % widest, end - 1) : 0)];
        Value places = ConstantData.Reshaped(context.Arrange.Vector($"windows_{axis}", members), count, widest);
        return context.Reduce(BuiltinOperator.ReduceMax, context.Arrange.Gather(x, places, axis), [axis + 1], keepDims: false);
    }

    private static (int Begin, int End) Window(int i, int count, int length) => ((int)((long)i * length / count), (int)(((i + 1L) * length + count - 1) / count));
}
