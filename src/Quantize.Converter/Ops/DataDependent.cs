using Quantize.Converter.Graphs;
using Quantize.Converter.TensorFlow;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>Operations whose results have lengths that only a run knows.</summary>
internal static class DataDependent
{
    public static Value[] Where(ImportContext context) => [context.Emit(BuiltinOperator.Where, context.Input(0))];

    public static Value[] Unique(ImportContext context)
    {
        if (context.Rank(0) != 1 || (context.InputCount > 1 && context.Input(1).Shape is { IsStatic: true } axes && axes.ElementCount.Value > 0 && context.Integer(1) is not (0 or -1)))
            throw context.Refuse("it looks for different slices; a vector's different elements are supported");
        var options = new UniqueOptions { IdxOutType = context.DataType("out_idx", TfDataType.Int32) };
        return context.EmitMany(BuiltinOperator.Unique, options, 2, context.Input(0));
    }

    public static Value[] UniqueWithCounts(ImportContext context)
    {
        Value[] unique = Unique(context);
        var formula = new Formula(context);
        var arrangement = new Arrangement(context);
        Value ones = context.Emit(BuiltinOperator.Fill, arrangement.Computed([Extent.Of(context.Input(0), 0)]), formula.Number(TensorType.Int32, 1));
        Value places = formula.Cast(unique[1], TensorType.Int32);
        Value counts = context.Emit(BuiltinOperator.UnsortedSegmentSum, ones, places, arrangement.Scalar(Extent.Of(unique[0], 0)));
        return [.. unique, formula.Cast(counts, unique[1].Type)];
    }

    /// <summary>The elements of a vector that another one does not have, and where they stand.</summary>
    public static Value[] Difference(ImportContext context)
    {
        Value x = context.OfRank(0, 1), y = context.OfRank(1, 1);
        Value column = context.Emit(BuiltinOperator.ExpandDims, x, ConstantData.Scalar($"{context.Node.Name}/axis", 1));
        Value differs = context.Emit(BuiltinOperator.NotEqual, column, y);
        Value isNew = context.Emit(BuiltinOperator.ReduceAll, new ReducerOptions(), differs, new Arrangement(context).Vector("row", 1));
        Value places = Places(context, isNew);
        return [new Arrangement(context).Gather(x, places, 0), new Formula(context).Cast(places, context.DataType("out_idx", TfDataType.Int32))];
    }

    /// <summary>The rows of each partition.</summary>
    public static Value[] Partition(ImportContext context)
    {
        Value data = context.Input(0), partitions = context.Input(1);
        int count = (int)context.Node.Attribute("num_partitions", 1L);
        var formula = new Formula(context);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            Value found = context.Emit(BuiltinOperator.Where, formula.Equal(partitions, formula.Number(TensorType.Int32, i)));
            return context.Emit(BuiltinOperator.GatherNd, data, found);
        })];
    }

    /// <summary>Rows of several tensors at the places that their indices name; a place that is named twice has the last one.</summary>
    public static Value[] Stitch(ImportContext context)
    {
        int count = context.InputCount / 2;
        var arrangement = new Arrangement(context);
        Value[] indices = [.. Enumerable.Range(0, count).Select(i => arrangement.Reshape(context.Input(i), [Rows(context, i)]))];
        Value[] rows = [.. Enumerable.Range(0, count).Select(i => arrangement.Reshape(context.Input(count + i), [Rows(context, i), .. Extent.All(context.Input(count + i))[context.Rank(i)..]]))];
        Value places = arrangement.Concatenate(0, indices), data = arrangement.Concatenate(0, rows);
        if (ImportContext.IsFixed(places))
            return [arrangement.Gather(data, arrangement.Vector("last", LastPlaces(context, count)), 0)];
        var formula = new Formula(context);
        Value length = formula.Add(context.Emit(BuiltinOperator.ReduceMax, places, ConstantData.Scalar($"{context.Node.Name}/axis", 0)), formula.Number(TensorType.Int32, 1));
        Value[] shape = [length, .. Extent.All(data)[1..].Select(arrangement.Scalar)];
        Value column = context.Emit(BuiltinOperator.ExpandDims, places, ConstantData.Scalar($"{context.Node.Name}/column", 1));
        return [context.Emit(BuiltinOperator.ScatterNd, column, data, context.Emit(BuiltinOperator.Pack, new PackOptions { ValuesCount = shape.Length }, shape))];
    }

    private static Extent Rows(ImportContext context, int input) => Extent.All(context.Input(input)).Aggregate(Extent.One, (product, extent) => product * extent);

    private static int[] LastPlaces(ImportContext context, int count)
    {
        int[] places = [.. Enumerable.Range(0, count).SelectMany(context.Integers)];
        if (Array.Exists(places, place => place < 0))
            throw context.Refuse("an index is negative");
        return [.. Enumerable.Range(0, places.Length == 0 ? 0 : checked(places.Max() + 1)).Select(place => Math.Max(0, Array.LastIndexOf(places, place)))];
    }

    /// <summary>Where a vector of truths is true, as int32.</summary>
    private static Value Places(ImportContext context, Value truths)
    {
        Value found = context.Emit(BuiltinOperator.Where, truths);
        return new Formula(context).Cast(context.Emit(BuiltinOperator.Squeeze, new SqueezeOptions { SqueezeDims = [1] }, found), TensorType.Int32);
    }
}
