using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;
using Quantize.Converter.Keras.Weights;
using Quantize.Runtime;

namespace Quantize.Converter.Keras.Layers;

/// <summary>Rows of a table by number; number 0 may mean that there is nothing.</summary>
internal static class Embedding
{
    public static Value[] Import(LayerContext context)
    {
        Value ids = context.F.Cast(context.Inputs[0].Value, TensorType.Int32);
        Value table = QuantizedWeights.Table(context, "embeddings", context.Config.Integer("input_dim"), context.Config.Integer("output_dim"));
        if (context.Config.Flag("mask_zero"))
            context.OutputMasks = [Masks.NotEqual(context, ids, 0)];
        return [context.Call("GatherV2", [table, ids, ConstantData.Scalar($"{context.Name}/axis", 0)])];
    }

    public static WeightLayout Weights(KerasObject layer) => new(1);
}
