using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Ops;

/// <summary>Lists of zeros, as soon as the shape of their elements is known.</summary>
internal static class OpenLists
{
    /// <summary>A list whose elements have that shape. Lengths that only a run knows are taken from tensors of the graph that have them.</summary>
    public static Value Zeros(ImportContext context, OpenList list, Shape element)
    {
        Value[] dimensions = [list.Count, .. element.Dimensions.Select(dimension => Length(context, dimension))];
        Value shape = context.Emit(BuiltinOperator.Pack, new PackOptions { ValuesCount = dimensions.Length }, dimensions);
        return context.Emit(BuiltinOperator.Fill, shape, new Formula(context).Zero(list.Type));
    }

    /// <summary>Operands that are open lists where a branch puts elements in and the other hands the list on: they become lists of zeros. True where there was one.</summary>
    public static bool Settle(ImportContext context, Value[] operands, ImportedBody a, ImportedBody b)
    {
        bool any = false;
        for (int i = 0; i < operands.Length; i++)
        {
            if (!context.Scope.OpenLists.TryGetValue(operands[i], out OpenList? list))
                continue;
            Shape? found = Found(a, b, i) ?? Found(b, a, i);
            if (found is null)
                continue;
            operands[i] = Zeros(context, list, found);
            any = true;
        }

        return any;
    }

    /// <summary>The elements' shape in the one body's result where the other's is the argument.</summary>
    private static Shape? Found(ImportedBody handsOn, ImportedBody writes, int argument)
    {
        for (int i = 0; i < handsOn.Results.Count; i++)
        {
            if (handsOn.Results[i] == handsOn.Arguments[argument] && writes.Results[i].Shape is { HasRank: true, Rank: > 0 } shape)
                return Elements(shape);
        }

        return null;
    }

    /// <summary>The shape of one element of a list.</summary>
    public static Shape Elements(Shape list) => Shape.Of([.. list.Dimensions.Skip(1)]);

    private static Value Length(ImportContext context, Dimension dimension)
    {
        var arrangement = new Arrangement(context);
        if (dimension.IsKnown)
            return arrangement.Scalar(dimension.Value);
        Graph graph = context.Scope.Graph;
        IEnumerable<Value> values = [.. graph.Inputs, .. context.Scope.Arguments, .. graph.Nodes.SelectMany(node => node.Outputs)];
        foreach (Value value in values)
        {
            if (value.Elements is [Dimension only] && only == dimension && value.Shape.Rank == 0)
                return new Formula(context).Cast(value, Runtime.TensorType.Int32);
            for (int axis = 0; value.Shape.HasRank && axis < value.Shape.Rank; axis++)
            {
                if (!value.Shape[axis].IsKnown && value.Shape[axis].Coefficient == 1 && value.Shape[axis] == dimension.Unit)
                    return arrangement.Scalar(new Extent(dimension.Coefficient, [(value, axis)]));
            }
        }

        throw context.Refuse($"it makes a list whose elements have the dimension '{dimension}', which is known only within a loop; give the TensorArray an element_shape");
    }
}
