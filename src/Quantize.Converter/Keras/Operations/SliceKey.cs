using System.Text.Json;
using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;

namespace Quantize.Converter.Keras.Operations;

/// <summary>What stands between the brackets of x[...] in Python: numbers, slices, an ellipsis, new axes.</summary>
internal static class SliceKey
{
    public static Value Apply(OperationCall call, Value x, JsonElement key)
    {
        JsonElement[] parts = key.ValueKind == JsonValueKind.Array ? [.. key.EnumerateArray()] : [key];
        int[] begin = new int[parts.Length], end = new int[parts.Length], steps = [.. Enumerable.Repeat(1, parts.Length)];
        long openBegin = 0, openEnd = 0, shrink = 0, ellipsis = 0, added = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            JsonElement part = Plain(parts[i]);
            if (LayerConfig.Whole(part) is { } index)
                (begin[i], end[i], shrink, openEnd) = (index, index + 1, shrink | (1L << i), index == -1 ? openEnd | (1L << i) : openEnd);
            else if (part.ValueKind == JsonValueKind.Null)
                added |= 1L << i;
            else if (IsEllipsis(part))
                ellipsis |= 1L << i;
            else if (part.ValueKind == JsonValueKind.Object && part.TryGetProperty("start", out _))
                Slice(new LayerConfig(part), i);
            else
                throw call.Context.Refuse($"an index {part.GetRawText()}");
        }

        return call.Context.Call(
            "StridedSlice",
            [x, call.Context.Arrange.Vector("begin", begin), call.Context.Arrange.Vector("end", end), call.Context.Arrange.Vector("steps", steps)],
            ("begin_mask", openBegin),
            ("end_mask", openEnd),
            ("shrink_axis_mask", shrink),
            ("ellipsis_mask", ellipsis),
            ("new_axis_mask", added));

        void Slice(LayerConfig slice, int i)
        {
            begin[i] = slice.Integer("start", 0);
            end[i] = slice.Integer("stop", 0);
            steps[i] = slice.Integer("step", 1);
            openBegin |= slice.Has("start") ? 0 : 1L << i;
            openEnd |= slice.Has("stop") ? 0 : 1L << i;
        }
    }

    /// <summary>Keras 3 saves a slice as an object with a configuration.</summary>
    private static JsonElement Plain(JsonElement part) =>
        KerasObject.Of(part) is { ClassName: "__slice__" } slice ? slice.Config.Json
        : part.ValueKind == JsonValueKind.Object && part.TryGetProperty("value", out JsonElement value) ? value : part;

    private static bool IsEllipsis(JsonElement part) =>
        KerasObject.Of(part).ClassName == "__ellipsis__" || (part.ValueKind == JsonValueKind.String && part.GetString() is "..." or "Ellipsis");
}
