using System.Text.Json;
using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;
using Quantize.Converter.Keras.Weights;
using Quantize.Runtime;

namespace Quantize.Converter.Keras.Layers;

/// <summary>Rows of a table by number; number 0 may mean that there is nothing. A reversible one also gives every row's product with a vector.</summary>
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

    public static Value[] Reversible(LayerContext context)
    {
        if (context.Argument(1, "reverse").Constant.ValueKind != JsonValueKind.True)
            return Import(context);
        int rows = context.Config.Integer("input_dim"), size = context.Config.Integer("output_dim");
        bool isTied = context.Config.Flag("tie_weights", absent: true);
        Value table = isTied ? context.Weight(0, "embeddings", rows, size) : context.Weight(1, "reverse_embeddings", size, rows);
        Value x = context.X;
        Value products = x.Shape.Rank == 2
            ? context.Call("MatMul", [x, table], ("transpose_b", isTied))
            : context.Call("BatchMatMulV2", [x, table], ("adj_y", isTied));
        if (!context.Config.Has("logit_soft_cap"))
            return [products];
        Value most = context.Number(context.Config.Number("logit_soft_cap", 1));
        return [context.F.Mul(context.Call("Tanh", [context.F.Div(products, most)]), most)];
    }

    public static WeightLayout Weights(KerasObject layer) => new(1);

    public static WeightLayout ReversibleWeights(KerasObject layer) => new(layer.Config.Flag("tie_weights", absent: true) ? 1 : 2);
}
