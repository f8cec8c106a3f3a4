using Quantize.Converter.Graphs;
using Quantize.Converter.TensorFlow;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Ops;

/// <summary>
/// Lists of tensors of one shape, as one tensor with the elements along its first dimension: taking an element is a GATHER, putting one in a DYNAMIC_UPDATE_SLICE.
/// </summary>
internal static class TensorLists
{
    public static Value[] Empty(ImportContext context) => [Made(context, ConstantData.Scalar($"{context.Node.Name}/count", 0))];

    public static Value[] Reserve(ImportContext context) => [Made(context, new Formula(context).Cast(context.Input(1), TensorType.Int32))];

    public static Value[] FromTensor(ImportContext context) => [context.Input(0)];

    public static Value[] Stack(ImportContext context) => [Settled(context, elementShape: 1)];

    /// <summary>The element; an open list has none but zeros, of the shape that is asked for.</summary>
    public static Value[] GetItem(ImportContext context) => [new Arrangement(context).Gather(Settled(context, elementShape: 2), context.Input(1), 0)];

    public static Value[] Gather(ImportContext context)
    {
        Value list = Settled(context, elementShape: 2);
        return [CountsUp(context.Input(1), list.Shape[0]) ? list : new Arrangement(context).Gather(list, context.Input(1), 0)];
    }

    public static Value[] Length(ImportContext context) => [Length(context, context.Input(0))];

    /// <summary>Where the list may grow, zeros are put behind it as far as the index needs them.</summary>
    public static Value[] SetItem(ImportContext context)
    {
        Value index = new Formula(context).Cast(context.Input(1), TensorType.Int32), item = context.Input(2);
        Value list = Settled(context, item.Shape);
        if (context.Node.Attribute("resize_if_index_out_of_bounds", false))
            list = Grown(context, list, index);
        Value[] start = [index, .. Enumerable.Repeat(new Formula(context).Number(TensorType.Int32, 0), item.Shape.Rank)];
        Value place = context.Emit(BuiltinOperator.Pack, new PackOptions { ValuesCount = start.Length }, start);
        return [context.Emit(BuiltinOperator.DynamicUpdateSlice, list, AsList(context, item), place)];
    }

    public static Value[] PushBack(ImportContext context)
    {
        Value item = context.Input(1), one = AsList(context, item);
        bool isEmpty = context.Scope.OpenLists.TryGetValue(context.Input(0), out OpenList? open) && open.Count.Elements is [Dimension count] && count == 0;
        return [isEmpty ? one : new Arrangement(context).Concatenate(0, Settled(context, item.Shape), one)];
    }

    /// <summary>The list without its last element, and the element.</summary>
    public static Value[] PopBack(ImportContext context)
    {
        Value list = Settled(context, elementShape: 1);
        var arrangement = new Arrangement(context);
        Value last = arrangement.Slice(list, 0, -1, null);
        return [arrangement.Slice(list, 0, (int?)null, -1), context.Emit(BuiltinOperator.Squeeze, new SqueezeOptions { SqueezeDims = [0] }, last)];
    }

    /// <summary>The list as a tensor: an open one is zeros of that shape.</summary>
    public static Value Settled(ImportContext context, Shape element)
    {
        Value list = context.Input(0);
        if (!context.Scope.OpenLists.TryGetValue(list, out OpenList? open))
            return list;
        return element.HasRank ? OpenLists.Zeros(context, open, element) : throw context.Refuse("its element has a number of dimensions that only a run knows");
    }

    public static Value Settled(ImportContext context, int elementShape)
    {
        if (!context.Scope.OpenLists.ContainsKey(context.Input(0)))
            return context.Input(0);
        return Settled(context, DeclaredElement(context, elementShape) ?? throw context.Refuse("it reads a list before anything is put in; give the TensorArray an element_shape"));
    }

    public static Value Length(ImportContext context, Value list)
    {
        if (context.Scope.OpenLists.TryGetValue(list, out OpenList? open))
            return open.Count;
        return new Arrangement(context).Scalar(Extent.Of(list, 0));
    }

    /// <summary>The element with a dimension of 1 before the others.</summary>
    public static Value AsList(ImportContext context, Value item) => context.Emit(BuiltinOperator.ExpandDims, item, ConstantData.Scalar($"{context.Node.Name}/axis", 0));

    /// <summary>0, 1, 2, ... up to that length.</summary>
    public static bool CountsUp(Value indices, Dimension length)
    {
        if (indices.Shape is not { HasRank: true, Rank: 1 } shape || shape[0] != length)
            return false;
        if (indices.Elements is { } elements)
            return elements.Select((element, i) => element == i).All(isPlace => isPlace);
        return indices.Producer is { Code: BuiltinOperator.Range } range && ConstantData.IsAll(range.Input(0)!, 0) && ConstantData.IsAll(range.Input(2)!, 1);
    }

    /// <summary>A list of zeros where the elements' shape is known, else an open one.</summary>
    private static Value Made(ImportContext context, Value count)
    {
        TfDataType type = context.Node.Attribute("element_dtype", TfDataType.Float32);
        if (!TensorTypeMap.TryMap(type, out TensorType mapped) || mapped.Bits() < 8)
            throw context.Refuse($"it makes a list of {type}; lists of numbers and truths are supported");
        var list = new OpenList(HalfFloats.IsHalf(mapped) ? TensorType.Float32 : mapped, count);
        if (DeclaredElement(context, 0) is { } element)
            return OpenLists.Zeros(context, list, element);
        var open = new Value(context.Node.Name, list.Type, Shape.Unknown);
        context.Scope.OpenLists[open] = list;
        return open;
    }

    /// <summary>The elements' shape as an input tells it; null where it leaves something open.</summary>
    public static Shape? DeclaredElement(ImportContext context, int input)
    {
        Value shape = context.Input(input);
        bool isWhole = shape.Shape is { IsStatic: true, Rank: 1 } && shape.Elements is { } elements && !Array.Exists(elements, element => element.IsKnown && element.Value < 0);
        return shape.Shape is { IsStatic: true, Rank: 1 } vector && vector[0] == 0 ? Shape.Scalar : isWhole ? Shape.Of(shape.Elements) : null;
    }

    private static Value Grown(ImportContext context, Value list, Value index)
    {
        var formula = new Formula(context);
        Value missing = formula.Max(formula.Number(TensorType.Int32, 0), formula.Sub(formula.Add(index, formula.Number(TensorType.Int32, 1)), Length(context, list)));
        Value zeros = OpenLists.Zeros(context, new OpenList(list.Type, missing), OpenLists.Elements(list.Shape));
        return new Arrangement(context).Concatenate(0, list, zeros);
    }
}
