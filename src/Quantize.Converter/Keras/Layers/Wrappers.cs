using System.Text.Json;
using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;
using Quantize.Converter.Keras.Weights;
using Quantize.Converter.Ops;

namespace Quantize.Converter.Keras.Layers;

/// <summary>Layers that call another one: for every step, or forwards and backwards.</summary>
internal static class Wrappers
{
    private const string PipelineList = "_pipeline_layers";

    /// <summary>Steps stand among the batch meanwhile.</summary>
    public static Value[] TimeDistributed(LayerContext context)
    {
        Value x = context.Inputs[0].Value;
        if (x.Shape.Rank < 3)
            throw new LayerException($"its input has {x.Shape.Rank} dimensions; a sequence has three");
        Extent[] shape = Extent.All(x);
        Value flat = context.Arrange.Reshape(x, [shape[0] * shape[1], .. shape[2..]]);
        Value[] results = InnerLayer.Call(context, KerasObject.Of(context.Config.Of("layer")), "layer", context.Weights.Within("layer"), flat);
        context.OutputMasks = [Recurrent.MaskBehind(context)];
        return [.. results.Select(result => context.Arrange.Reshape(result, [shape[0], shape[1], .. Extent.All(result)[1..]]))];
    }

    /// <summary>Layers one behind the other.</summary>
    public static Value[] Pipeline(LayerContext context)
    {
        KerasObject[] layers = Layers(context.Object);
        IReadOnlyList<LayerWeights> weights = context.Weights.Members(PipelineList, [.. layers.Select(layer => new WeightOwner(LayerLayouts.PythonName(layer), "", LayerLayouts.Of(layer)))]);
        Value[] values = [context.Inputs[0].Value];
        for (int i = 0; i < layers.Length; i++)
            values = InnerLayer.Call(context, layers[i], FormattableString.Invariant($"{layers[i].ClassName}_{i}"), weights[i], values);
        return values;
    }

    public static WeightLayout PipelineWeights(KerasObject layer) =>
        new(0) { Within = [.. Layers(layer).Select((inner, i) => (FormattableString.Invariant($"{PipelineList}/{i}"), LayerLayouts.Of(inner)))] };

    private static KerasObject[] Layers(KerasObject layer) =>
        layer.Config.Of("layers") is { ValueKind: JsonValueKind.Array } layers ? [.. layers.EnumerateArray().Select(KerasObject.Of)] : throw new LayerException("it has no layers");

    public static Value[] Bidirectional(LayerContext context)
    {
        KerasObject forward = KerasObject.Of(context.Config.Of("layer"));
        KerasObject backward = context.Config.Has("backward_layer") ? KerasObject.Of(context.Config.Of("backward_layer")) : Turned(forward);
        KerasTensor[] states = [.. context.Argument(context.IsKeras3 ? 1 : -1, "initial_state") is { IsAbsent: false } given ? given.Tensors : context.Inputs.Skip(1)];
        int half = states.Length / 2;
        Value[] forwards = Direction(context, forward, "forward_layer", states[..half]), backwards = Direction(context, backward, "backward_layer", states[half..]);
        bool returnsSequences = forward.Config.Flag("return_sequences");
        Value turned = returnsSequences ? Recurrent.Reversed(context, backwards[0]) : backwards[0];
        Value? mask = returnsSequences ? Recurrent.MaskBehind(context) : null;
        context.OutputMasks = [mask, mask];
        Value[] merged = Merged(context, forwards[0], turned);
        if (merged.Length == 1)
            context.OutputMasks = [mask];
        return [.. merged, .. forwards[1..], .. backwards[1..]];
    }

    public static WeightLayout BidirectionalWeights(KerasObject layer)
    {
        WeightLayout forward = LayerLayouts.Of(KerasObject.Of(layer.Config.Of("layer")));
        WeightLayout backward = layer.Config.Has("backward_layer") ? LayerLayouts.Of(KerasObject.Of(layer.Config.Of("backward_layer"))) : forward;
        return WeightLayout.Of(("forward_layer", forward), ("backward_layer", backward));
    }

    public static WeightLayout WeightsOfLayer(KerasObject layer) => WeightLayout.Of(("layer", LayerLayouts.Of(KerasObject.Of(layer.Config.Of("layer")))));

    private static Value[] Direction(LayerContext context, KerasObject layer, string name, KerasTensor[] states)
    {
        var sequence = new KerasTensor(context.Inputs[0].Value, context.Inputs[0].Type, Recurrent.MaskOfSteps(context));
        return [.. LayerCall.Import(context.Within(layer, name, context.Weights.Within(name), [sequence, .. states])).Select(tensor => tensor.Value)];
    }

    private static Value[] Merged(LayerContext context, Value forwards, Value backwards) => context.Config.IsNull("merge_mode")
        ? [forwards, backwards]
        : context.Config.Text("merge_mode", "concat") switch
        {
            "concat" => [context.Arrange.Concatenate(forwards.Shape.Rank - 1, forwards, backwards)],
            "sum" => [context.F.Add(forwards, backwards)],
            "ave" => [context.F.Mul(context.F.Add(forwards, backwards), context.Number(0.5f))],
            "mul" => [context.F.Mul(forwards, backwards)],
            string mode => throw context.Refuse($"merge_mode '{mode}'"),
        };

    /// <summary>The same layer in the other direction.</summary>
    private static KerasObject Turned(KerasObject forward)
    {
        Dictionary<string, JsonElement> config = forward.Config.Json.EnumerateObject().ToDictionary(property => property.Name, property => property.Value, StringComparer.Ordinal);
        config["go_backwards"] = JsonSerializer.SerializeToElement(!forward.Config.Flag("go_backwards"));
        JsonElement turned = JsonSerializer.SerializeToElement(new Dictionary<string, JsonElement>
        {
            ["class_name"] = JsonSerializer.SerializeToElement(forward.ClassName),
            ["config"] = JsonSerializer.SerializeToElement(config),
        });
        return KerasObject.Of(turned);
    }
}
