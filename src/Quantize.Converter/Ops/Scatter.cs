using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>SCATTER_ND, which adds up what meets in one place, and the scatters into a given tensor that can be made of it.</summary>
internal static class Scatter
{
    public static Value[] Nd(ImportContext context) => [IntoZeros(context, context.Index(0), context.Input(1), context.Index(2))];

    public static Value[] Add(ImportContext context) => [new Formula(context).Add(context.Input(0), IntoZeros(context))];

    public static Value[] Sub(ImportContext context) => [new Formula(context).Sub(context.Input(0), IntoZeros(context))];

    /// <summary>The updates where anything was scattered to, else what was there.</summary>
    public static Value[] Update(ImportContext context)
    {
        var formula = new Formula(context);
        Value ones = context.Emit(BuiltinOperator.Fill, ShapeOf(context, context.Input(2)), formula.Number(TensorType.Int32, 1));
        Value marks = IntoZeros(context, context.Index(1), ones, ShapeOf(context, context.Input(0)));
        Value marked = context.Emit(BuiltinOperator.NotEqual, marks, formula.Number(TensorType.Int32, 0));
        return [formula.Select(marked, IntoZeros(context), context.Input(0))];
    }

    public static Value[] Max(ImportContext context) => [context.Emit(BuiltinOperator.Maximum, context.Input(0), Folded(context, BuiltinOperator.UnsortedSegmentMax))];

    public static Value[] Min(ImportContext context) => [context.Emit(BuiltinOperator.Minimum, context.Input(0), Folded(context, BuiltinOperator.UnsortedSegmentMin))];

    private static Value IntoZeros(ImportContext context) => IntoZeros(context, context.Index(1), context.Input(2), ShapeOf(context, context.Input(0)));

    private static Value IntoZeros(ImportContext context, Value indices, Value updates, Value shape)
    {
        bool isAdded = updates.Type is TensorType.Float32 or TensorType.Int32 or TensorType.Int64 or TensorType.Int8 or TensorType.UInt8;
        var formula = new Formula(context);
        Value sum = context.Emit(BuiltinOperator.ScatterNd, indices, isAdded ? updates : formula.Cast(updates, TensorType.Int32), shape);
        return formula.Cast(sum, updates.Type);
    }

    private static Value ShapeOf(ImportContext context, Value value) => context.Emit(BuiltinOperator.Shape, new ShapeOptions { OutType = TensorType.Int32 }, value);

    /// <summary>The updates of each place folded; the lowest or highest number where there is none. Places are numbered as segments.</summary>
    private static Value Folded(ImportContext context, BuiltinOperator fold)
    {
        Value tensor = context.Input(0), indices = context.Index(1), updates = context.Input(2);
        int last = context.Rank(1) - 1;
        if (last < 0 || indices.Shape[last] is not { IsKnown: true } length || length.Value > context.Rank(0) || !tensor.Shape.IsStatic)
            throw context.Refuse($"it scatters into {tensor.Shape} by {indices.Shape}; both must have fixed dimensions");
        int depth = length.Value;
        int[] shape = tensor.Shape.ToArray();
        int Product(int from, int to) => shape[from..to].Aggregate(1, (product, dimension) => checked(product * dimension));
        var arrangement = new Arrangement(context);
        Value strides = arrangement.Vector("strides", [.. Enumerable.Range(0, depth).Select(axis => Product(axis + 1, depth))]);
        Value places = context.Emit(BuiltinOperator.Sum, new ReducerOptions(), new Formula(context).Mul(indices, strides), arrangement.Vector("axis", last));
        Value rows = arrangement.Reshape(updates, [.. Enumerable.Range(0, last).Select(axis => Extent.Of(updates, axis)), Product(depth, shape.Length)]);
        Value folded = context.Emit(fold, rows, places, ConstantData.Scalar($"{context.Node.Name}/places", Product(0, depth)));
        return arrangement.Reshape(folded, [.. shape.Select(dimension => (Extent)dimension)]);
    }
}
