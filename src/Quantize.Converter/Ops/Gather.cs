using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>Elements by index.</summary>
internal static class Gather
{
    public static Value[] FirstAxis(ImportContext context) => [context.Emit(BuiltinOperator.Gather, new GatherOptions(), context.Input(0), context.Input(1))];

    public static Value[] AlongAxis(ImportContext context)
    {
        var options = new GatherOptions { Axis = context.Integer(2), BatchDims = (int)context.Node.Attribute("batch_dims", 0L) };
        return [context.Emit(BuiltinOperator.Gather, options, context.Input(0), context.Input(1))];
    }

    public static Value[] Nd(ImportContext context) => [context.Emit(BuiltinOperator.GatherNd, context.Input(0), context.Input(1))];

    public static Value[] ScatterNd(ImportContext context) =>
        [context.Emit(BuiltinOperator.ScatterNd, context.Index(0), context.Input(1), context.Index(2))];

    /// <summary>The updates scattered into zeros, and the tensor where nothing was: its elements are masked out by scattered ones.</summary>
    public static Value[] TensorScatterUpdate(ImportContext context)
    {
        var formula = new Formula(context);
        Value tensor = context.Input(0), indices = context.Index(1), updates = context.Input(2);
        Value shape = context.Emit(BuiltinOperator.Shape, new ShapeOptions { OutType = TensorType.Int32 }, tensor);
        Value counts = context.Emit(BuiltinOperator.Shape, new ShapeOptions { OutType = TensorType.Int32 }, updates);
        Value ones = context.Emit(BuiltinOperator.Fill, counts, formula.Number(TensorType.Int32, 1));
        Value mask = context.Emit(BuiltinOperator.ScatterNd, indices, ones, shape);
        Value written = context.Emit(BuiltinOperator.ScatterNd, indices, updates, shape);
        return [formula.Select(formula.Equal(mask, formula.Number(TensorType.Int32, 0)), tensor, written)];
    }

    public static Value[] InvertPermutation(ImportContext context)
    {
        int[] permutation = context.Integers(0);
        var inverse = new int[permutation.Length];
        for (int i = 0; i < inverse.Length; i++)
            inverse[permutation[i]] = i;
        return [ConstantData.Of(context.Node.Name, inverse)];
    }
}
