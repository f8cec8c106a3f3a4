using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;
using Quantize.Converter.Ops;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Keras.Layers;

/// <summary>Layers that arrange elements in another shape.</summary>
internal static class Reshaping
{
    /// <summary>Channels stand last before the dimensions become one.</summary>
    public static Value[] Flatten(LayerContext context)
    {
        Value x = context.Inputs[0].Value;
        if (x.Shape.Rank > 1 && ChannelOrder.IsFirst(context))
            x = ChannelOrder.ToLast(context, x);
        Extent[] shape = Extent.All(x);
        return [context.Arrange.Reshape(x, shape[0], shape[1..].Aggregate(Extent.One, (product, length) => product * length))];
    }

    public static Value[] Reshape(LayerContext context) => [To(context, context.Inputs[0].Value, context.Config.Integers("target_shape"))];

    /// <summary>A shape behind the batch, with one -1 for what is left.</summary>
    public static Value To(LayerContext context, Value x, int[] target)
    {
        if (target.Count(length => length < 0) > 1 || target.Any(length => length < -1))
            throw new LayerException($"its shape is [{string.Join(',', target)}]");
        Extent[] shape = Extent.All(x);
        Extent all = shape[1..].Aggregate(Extent.One, (product, length) => product * length);
        int known = target.Where(length => length >= 0).Aggregate(1, (product, length) => checked(product * length));
        if (all.IsKnown && (known == 0 || all.Number % known != 0 || (!target.Contains(-1) && known != all.Number)))
            throw new LayerException($"an input of the shape {x.Shape} has no form [{string.Join(',', target)}]");
        Extent[] wanted = [shape[0], .. target.Select(length => length >= 0 ? length : all.IsKnown ? all.Number / known : Rest(context, x, all, known))];
        return context.Arrange.Reshape(x, wanted);
    }

    private static Extent Rest(LayerContext context, Value x, Extent all, int known) =>
        all.Number % known == 0
            ? new Extent(all.Number / known, all.Open)
            : throw context.Refuse($"it divides the open shape {x.Shape} by {known}; give the model's input a fixed size");

    public static Value[] Permute(LayerContext context)
    {
        Value x = context.Inputs[0].Value;
        int[] dims = context.Config.Integers("dims");
        return dims.Order().SequenceEqual(Enumerable.Range(1, x.Shape.Rank - 1))
            ? [context.Arrange.Transpose(x, [0, .. dims])]
            : throw new LayerException($"its dims [{string.Join(',', dims)}] are no order of the dimensions 1 to {x.Shape.Rank - 1}");
    }

    public static Value[] Repeat(LayerContext context)
    {
        Value x = context.OfRank(context.Inputs[0].Value, 2);
        Value row = context.Call("ExpandDims", [x, ConstantData.Scalar($"{context.Name}/axis", 1)]);
        return [context.Call("Tile", [row, context.Arrange.Vector("multiples", 1, context.Config.Integer("n"), 1)])];
    }

    /// <summary>Steps that hold nothing but one number are masked, and become zeros.</summary>
    public static Value[] Masking(LayerContext context)
    {
        Value x = context.X;
        Value differs = context.AsFloat(Masks.NotEqual(context, x, context.Config.Number("mask_value", 0)));
        Value kept = context.Reduce(BuiltinOperator.ReduceMax, differs, [-1], keepDims: true);
        Value flags = context.F.Cast(kept, TensorType.Bool);
        context.OutputMasks = [context.Call("Squeeze", [flags], ("squeeze_dims", (long[])[x.Shape.Rank - 1]))];
        return [context.F.Mul(x, kept)];
    }

    public static Value[] Identity(LayerContext context) => [context.Inputs[0].Value];
}
