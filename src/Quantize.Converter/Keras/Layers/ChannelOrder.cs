using Quantize.Converter.Graphs;

namespace Quantize.Converter.Keras.Layers;

/// <summary>Layers over channels first are the same layers over channels last between two transpositions; a pass moves these together until they cancel.</summary>
internal static class ChannelOrder
{
    public static bool IsFirst(LayerContext context) => context.Config.Text("data_format", "channels_last") switch
    {
        "channels_first" => true,
        "channels_last" => false,
        string format => throw context.Refuse($"data_format '{format}'"),
    };

    public static Value[] Last(LayerContext context, Func<Value, Value> import)
    {
        if (!IsFirst(context))
            return [import(context.X)];
        return [ToFirst(context, import(ToLast(context, context.X)))];
    }

    public static Value ToLast(LayerContext context, Value value) =>
        value.Shape.Rank < 3 ? value : context.Arrange.Transpose(value, [0, .. Enumerable.Range(2, value.Shape.Rank - 2), 1]);

    public static Value ToFirst(LayerContext context, Value value) =>
        value.Shape.Rank < 3 ? value : context.Arrange.Transpose(value, [0, value.Shape.Rank - 1, .. Enumerable.Range(1, value.Shape.Rank - 2)]);
}
