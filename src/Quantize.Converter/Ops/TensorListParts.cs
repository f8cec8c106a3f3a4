using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Ops;

/// <summary>Operations on whole lists of tensors (<see cref="TensorLists"/>).</summary>
internal static class TensorListParts
{
    /// <summary>A new list: as long as it is asked to be, or as the greatest index needs.</summary>
    public static Value[] Scatter(ImportContext context)
    {
        Value tensor = context.Input(0), indices = context.Index(1);
        if (TensorLists.CountsUp(indices, tensor.Shape[0]) && (context.InputCount < 4 || context.Input(3).Elements is [Dimension asked] && (asked == tensor.Shape[0] || asked == -1)))
            return [tensor];
        var formula = new Formula(context);
        bool isAsked = context.InputCount > 3 && context.Input(3).Elements is [Dimension count] && !(count.IsKnown && count.Value < 0);
        Value length = isAsked
            ? formula.Cast(context.Input(3), TensorType.Int32)
            : formula.Add(context.Emit(BuiltinOperator.ReduceMax, indices, ConstantData.Scalar($"{context.Node.Name}/axis", 0)), formula.Number(TensorType.Int32, 1));
        return [Scattered(context, tensor, indices, length)];
    }

    public static Value[] ScatterInto(ImportContext context)
    {
        Value list = context.Input(0), tensor = context.Input(1), indices = context.Index(2);
        bool isOpen = context.Scope.OpenLists.TryGetValue(list, out OpenList? open);
        Dimension? count = isOpen ? open!.Count.Elements is [Dimension only] ? only : null : list.Shape[0];
        if (count is { } length && length == tensor.Shape[0] && TensorLists.CountsUp(indices, length))
            return [tensor];
        if (isOpen)
            return [Scattered(context, tensor, indices, open!.Count)];
        var node = new TensorFlow.TfNode(context.Node.Name, "TensorScatterUpdate");
        return TensorFlowOps.Table[node.Op](context.With(node, [list, Column(context, indices), tensor]));
    }

    /// <summary>The elements joined along their first dimension, and how long each is.</summary>
    public static Value[] Concat(ImportContext context)
    {
        Value list = TensorLists.Settled(context, elementShape: 1);
        if (list.Shape.Rank < 2)
            throw context.Refuse("it joins scalars");
        var arrangement = new Arrangement(context);
        Extent[] extents = Extent.All(list);
        Value joined = arrangement.Reshape(list, [extents[0] * extents[1], .. extents[2..]]);
        Value length = new Formula(context).Cast(arrangement.Scalar(extents[1]), TensorType.Int64);
        return [joined, context.Emit(BuiltinOperator.Fill, arrangement.Computed([extents[0]]), length)];
    }

    /// <summary>Pieces of one length.</summary>
    public static Value[] Split(ImportContext context)
    {
        Value tensor = context.Input(0);
        int[] lengths = context.Integers(2);
        if (lengths.Length == 0 || lengths.Distinct().Count() > 1)
            throw context.Refuse($"it splits into pieces of {string.Join(", ", lengths)}; a list here has elements of one shape");
        return [new Arrangement(context).Reshape(tensor, [lengths.Length, lengths[0], .. Extent.All(tensor)[1..]])];
    }

    /// <summary>Zeros behind the list as far as they are needed, then its first elements.</summary>
    public static Value[] Resize(ImportContext context)
    {
        Value size = new Formula(context).Cast(context.Input(1), TensorType.Int32);
        if (context.Scope.OpenLists.TryGetValue(context.Input(0), out OpenList? open))
        {
            var resized = new Value(context.Node.Name, open.Type, Shape.Unknown);
            context.Scope.OpenLists[resized] = open with { Count = size };
            return [resized];
        }

        Value list = context.Input(0), zeros = OpenLists.Zeros(context, new OpenList(list.Type, size), OpenLists.Elements(list.Shape));
        var arrangement = new Arrangement(context);
        return [arrangement.Slice(arrangement.Concatenate(0, list, zeros), 0, null, context.Emit(BuiltinOperator.Reshape, size, arrangement.Vector("vector", 1)))];
    }

    public static Value[] Join(ImportContext context) => [new Arrangement(context).Concatenate(0, [.. context.Inputs])];

    public static Value[] ElementShape(ImportContext context)
    {
        if (context.Scope.OpenLists.ContainsKey(context.Input(0)))
            throw context.Refuse("it asks for the shape of elements before there is one");
        TensorType type = context.DataType("shape_type", TensorFlow.TfDataType.Int32);
        return [new Formula(context).Cast(new Arrangement(context).Computed(Extent.All(context.Input(0))[1..]), type)];
    }

    private static Value Scattered(ImportContext context, Value tensor, Value indices, Value count)
    {
        Value[] shape = [count, .. Extent.All(tensor)[1..].Select(new Arrangement(context).Scalar)];
        Value packed = context.Emit(BuiltinOperator.Pack, new PackOptions { ValuesCount = shape.Length }, shape);
        return context.Emit(BuiltinOperator.ScatterNd, Column(context, indices), tensor, packed);
    }

    private static Value Column(ImportContext context, Value indices) => context.Emit(BuiltinOperator.ExpandDims, indices, ConstantData.Scalar($"{context.Node.Name}/column", 1));
}
