using System.Text.Json;
using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;
using Quantize.Converter.Ops;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Keras.Operations;

/// <summary>Functions that move elements.</summary>
internal static class Arranging
{
    public static Value[] Reshape(OperationCall call)
    {
        Value x = call.X;
        if (call.ComputedVector("newshape", "shape") is { } computed)
            return [call.Context.Call("Reshape", [x, computed])];
        int[] shape = call.Integers("newshape", "shape") ?? throw call.Context.Refuse("its shape is a tensor");
        Extent[] own = Extent.All(x);
        bool keepsBatch = shape.Length > 0 && shape[0] == -1 && !own[0].IsKnown && own[1..].All(length => length.IsKnown);
        if (keepsBatch && shape[1..].All(length => length > 0) && Product(own[1..].Select(length => length.Number)) == Product(shape[1..]))
            return [call.Context.Arrange.Reshape(x, [own[0], .. shape[1..].Select(length => (Extent)length)])];
        return [call.Context.Call("Reshape", [x, call.Context.Arrange.Vector("shape", shape)])];

        static int Product(IEnumerable<int> lengths) => lengths.Aggregate(1, (product, length) => checked(product * length));
    }

    public static Value[] Transpose(OperationCall call)
    {
        Value x = call.X;
        int[] axes = call.Integers("axes", "perm") ?? [.. Enumerable.Range(0, x.Shape.Rank).Reverse()];
        return [call.Context.Arrange.Transpose(x, [.. axes.Select(axis => call.Context.Axis(x, axis))])];
    }

    public static Value[] Swap(OperationCall call)
    {
        Value x = call.X;
        int[] order = [.. Enumerable.Range(0, x.Shape.Rank)];
        int first = call.Context.Axis(x, call.Integer(0, "axis1")), second = call.Context.Axis(x, call.Integer(1, "axis2"));
        (order[first], order[second]) = (second, first);
        return [call.Context.Arrange.Transpose(x, order)];
    }

    public static Value[] MoveAxis(OperationCall call)
    {
        Value x = call.X;
        int[] from = [.. (call.Integers("source") ?? []).Select(axis => call.Context.Axis(x, axis))];
        int[] to = [.. (call.Integers("destination") ?? []).Select(axis => call.Context.Axis(x, axis))];
        if (from.Length != to.Length)
            throw new LayerException($"it moves {from.Length} axes to {to.Length} places");
        List<int> order = [.. Enumerable.Range(0, x.Shape.Rank).Where(axis => !from.Contains(axis))];
        foreach ((int place, int axis) in to.Zip(from).OrderBy(pair => pair.First))
            order.Insert(Math.Min(place, order.Count), axis);
        return [call.Context.Arrange.Transpose(x, [.. order])];
    }

    public static Value[] ExpandDims(OperationCall call)
    {
        Value x = call.X;
        int[] axes = call.Integers("axis") ?? [0];
        int rank = x.Shape.Rank + axes.Length;
        foreach (int axis in axes.Select(axis => axis < 0 ? axis + rank : axis).Order())
            x = call.Context.Call("ExpandDims", [x, ConstantData.Scalar($"{call.Context.Name}/axis", axis)]);
        return [x];
    }

    public static Value[] Squeeze(OperationCall call)
    {
        Value x = call.X;
        int[] axes = call.Integers("axis") ?? [.. Enumerable.Range(0, x.Shape.Rank).Where(axis => x.Shape[axis] is { IsKnown: true, Value: 1 })];
        return [axes.Length == 0 ? x : call.Context.Call("Squeeze", [x], ("squeeze_dims", axes.Select(axis => (long)call.Context.Axis(x, axis)).ToArray()))];
    }

    public static Value[] Concatenate(OperationCall call)
    {
        Value[] parts = call.Alike(call.Operands(0, "xs", "arrays", "values"));
        return [call.Context.Arrange.Concatenate(call.Axis(parts[0], call.Context.IsKeras3 ? -1 : 0), parts)];
    }

    public static Func<OperationCall, Value[]> ConcatenateAlong(int axis) => call =>
    {
        Value[] parts = call.Alike(call.Operands(0, "xs"));
        return [call.Context.Arrange.Concatenate(call.Context.Axis(parts[0], axis), parts)];
    };

    public static Value[] Stack(OperationCall call)
    {
        Value[] parts = call.Alike(call.Operands(0, "arrays", "x", "values"));
        int axis = call.Integer(0, "axis"), rank = parts[0].Shape.Rank + 1;
        return [call.Context.Emit(BuiltinOperator.Pack, new PackOptions { ValuesCount = parts.Length, Axis = axis < 0 ? axis + rank : axis }, [.. parts])];
    }

    public static Value[] Unstack(OperationCall call)
    {
        Value x = call.X;
        int axis = call.Axis(x, 0), count = call.Integer(call.Context.Length(x, axis), "num");
        return call.Context.CallMany("Unpack", [x], ("axis", (long)axis), ("num", (long)count));
    }

    /// <summary>Into equal parts, at places (Keras 3), or of sizes (TensorFlow).</summary>
    public static Value[] Split(OperationCall call)
    {
        Value x = call.X;
        int axis = call.Axis(x, 0);
        Value place = ConstantData.Scalar($"{call.Context.Name}/axis", axis);
        int[] given = call.Integers("indices_or_sections", "num_or_size_splits") ?? throw new LayerException("it does not say how many parts it makes");
        bool isList = call.Attribute("indices_or_sections", "num_or_size_splits").ValueKind == JsonValueKind.Array;
        if (!isList)
            return call.Context.CallMany("Split", [place, x], ("num_split", (long)given[0]));
        int[] sizes = given;
        if (call.Context.IsKeras3)
        {
            int[] ends = [.. given, call.Context.Length(x, axis)];
            sizes = [.. ends.Select((end, i) => end - (i == 0 ? 0 : ends[i - 1]))];
        }

        return call.Context.CallMany("SplitV", [x, call.Context.Arrange.Vector("sizes", sizes), place], ("num_split", (long)sizes.Length));
    }

    public static Value[] Tile(OperationCall call)
    {
        int[] times = call.Integers("repeats", "multiples") ?? [1];
        Value x = call.X;
        if (times.Length < x.Shape.Rank)
            times = [.. Enumerable.Repeat(1, x.Shape.Rank - times.Length), .. times];
        while (x.Shape.Rank < times.Length)
            x = call.Context.Call("ExpandDims", [x, ConstantData.Scalar($"{call.Context.Name}/axis", 0)]);
        return [call.Context.Call("Tile", [x, call.Context.Arrange.Vector("multiples", times)])];
    }

    /// <summary>Every element as often as all of them, or as often as a list says.</summary>
    public static Value[] Repeat(OperationCall call)
    {
        Value x = call.X;
        int[] times = call.Integers("repeats") ?? [1];
        if (call.Integers("axis") is null && call.Context.IsKeras3)
            x = Flatten(call)[0];
        int axis = call.Axis(x, 0), length = call.Context.Length(x, axis);
        if (times.Length != 1 && times.Length != length)
            throw new LayerException($"it repeats {times.Length} elements of {length}");
        int[] places = [.. Enumerable.Range(0, length).SelectMany(place => Enumerable.Repeat(place, times.Length == 1 ? times[0] : times[place]))];
        return [call.Context.Arrange.Gather(x, call.Context.Arrange.Vector("places", places), axis)];
    }

    /// <summary>The differences of neighbours.</summary>
    public static Value[] Difference(OperationCall call)
    {
        Value x = call.X;
        if (call.Integer(1, "n") != 1)
            throw call.Context.Refuse("it takes differences of differences");
        int axis = call.Axis(x, -1);
        return [call.Context.F.Sub(call.Context.Arrange.Slice(x, axis, 1, null), call.Context.Arrange.Slice(x, axis, (int?)null, -1))];
    }

    public static Func<OperationCall, Value[]> FlipAlong(int axis) => call => [call.Context.Call("ReverseV2", [call.X, call.Context.Arrange.Vector("axes", axis)])];

    /// <summary>Into parts of which the first ones may have one element more.</summary>
    public static Value[] SplitUnequal(OperationCall call)
    {
        Value x = call.X;
        int axis = call.Axis(x, 0), length = call.Context.Length(x, axis);
        if (call.Integers("indices_or_sections") is not [> 0 and int count])
            return Split(call);
        int[] sizes = [.. Enumerable.Range(0, count).Select(i => length / count + (i < length % count ? 1 : 0))];
        return call.Context.CallMany(
            "SplitV", [x, call.Context.Arrange.Vector("sizes", sizes), ConstantData.Scalar($"{call.Context.Name}/axis", axis)], ("num_split", (long)count));
    }

    /// <summary>A block is put over another.</summary>
    public static Value[] SliceUpdate(OperationCall call)
    {
        int[] start = call.Integers("start_indices") ?? call.IntegersAt(1) ?? throw call.Context.Refuse("it begins where a tensor says");
        Value[] operands = call.Alike(call.Operand(0, "inputs"), call.Operand(2, "updates"));
        return [call.Context.Emit(BuiltinOperator.DynamicUpdateSlice, operands[0], operands[1], call.Context.Arrange.Vector("start", start))];
    }

    /// <summary>Channels to blocks of pixels, or the other way.</summary>
    public static Func<OperationCall, Value[]> Blocks(string op) => call => call.Text("NHWC", "data_format") == "NHWC"
        ? [call.Context.Call(op, [call.Operand(0, "input")], ("block_size", (long)call.Integer(2, "block_size")))]
        : throw call.Context.Refuse("its channels do not stand last");

    public static Value[] ShapeOf(OperationCall call) =>
        [call.Context.Emit(BuiltinOperator.Shape, new ShapeOptions { OutType = Runtime.TensorType.Int32 }, call.Operand(0, "input", "x"))];

    public static Value[] Pad(OperationCall call)
    {
        Value x = call.X;
        JsonElement given = call.Attribute("pad_width", "paddings");
        JsonElement[][] pairs = [.. Members(given).Select(Members)];
        int[] widths = [.. pairs.SelectMany(pair => (int[])[Whole(pair[0]), Whole(pair[^1])])];
        if (pairs.Length == 2 && given[0].ValueKind == JsonValueKind.Number)
            widths = [Whole(given[0]), Whole(given[1])];
        if (widths.Length == 2 && x.Shape.Rank > 1)
            widths = [.. Enumerable.Repeat(widths, x.Shape.Rank).SelectMany(pair => pair)];
        if (widths.Length != 2 * x.Shape.Rank)
            throw new LayerException($"it pads {widths.Length / 2} dimensions of an input with {x.Shape.Rank}");
        string mode = call.Text("constant", "mode").ToUpperInvariant();
        Value table = ConstantData.Reshaped(call.Context.Arrange.Vector("paddings", widths), widths.Length / 2, 2);
        return mode switch
        {
            "CONSTANT" when call.OptionalOperand(-1, "constant_values") is { } filling => [call.Context.Arrange.Pad(x, call.Context.F.Cast(filling, x.Type), widths)],
            "CONSTANT" => [call.Context.Arrange.Pad(x, widths)],
            "REFLECT" or "SYMMETRIC" => [call.Context.Call("MirrorPad", [x, table], ("mode", mode))],
            _ => throw call.Context.Refuse($"padding of the mode '{mode}'"),
        };

        static JsonElement[] Members(JsonElement element) => element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray()] : [element];

        int Whole(JsonElement width) => LayerConfig.Whole(width) is { } number and >= 0 ? number : throw new LayerException($"its widths are {given.GetRawText()}");
    }

    public static Value[] Flip(OperationCall call)
    {
        Value x = call.X;
        return [call.Context.Call("ReverseV2", [x, call.Context.Arrange.Vector("axes", call.Axes(x))])];
    }

    public static Value[] Roll(OperationCall call)
    {
        Value x = call.X;
        int[] shifts = call.Integers("shift") ?? [0], axes = call.Integers("axis") ?? throw call.Context.Refuse("it rolls all elements as one row");
        return [call.Context.Call("Roll", [x, call.Context.Arrange.Vector("shifts", shifts), call.Context.Arrange.Vector("axes", axes)])];
    }

    public static Value[] Take(OperationCall call)
    {
        Value x = call.Operand(0, "x", "params"), places = call.Operand(1, "indices");
        bool isFlat = call.Integers("axis") is null && call.Context.IsKeras3;
        Value operand = isFlat ? call.Context.Arrange.Reshape(x, Extent.All(x).Aggregate(Extent.One, (product, length) => product * length)) : x;
        int axis = isFlat ? 0 : call.Axis(x, 0);
        if (places.IsConstant && ConstantData.Integers(places).Any(place => place < 0))
        {
            int length = call.Context.Length(operand, axis);
            int[] counted = [.. ConstantData.Integers(places).Select(place => (int)(place < 0 ? place + length : place))];
            places = ConstantData.Reshaped(call.Context.Arrange.Vector("places", counted), places.Shape.ToArray());
        }

        return [call.Context.Call("GatherV2", [operand, places, ConstantData.Scalar($"{call.Context.Name}/axis", axis)])];
    }

    public static Value[] BroadcastTo(OperationCall call) =>
        [call.Context.Call("BroadcastTo", [call.X, call.Context.Arrange.Vector("shape", call.Integers("shape") ?? throw call.Context.Refuse("its shape is a tensor"))])];

    public static Value[] Flatten(OperationCall call) => [call.Context.Arrange.Reshape(call.X, Extent.All(call.X).Aggregate(Extent.One, (product, length) => product * length))];

    public static Value[] Slice(OperationCall call) => [call.Context.Call(
        "Slice",
        [
            call.X,
            call.Context.Arrange.Vector("begin", call.Integers("start_indices", "begin") ?? call.IntegersAt(1) ?? throw call.Context.Refuse("it begins where a tensor says")),
            call.Context.Arrange.Vector("size", call.Integers("shape", "size") ?? throw call.Context.Refuse("its size is a tensor")),
        ])];

    /// <summary>What lies above or below a diagonal becomes 0.</summary>
    public static Func<OperationCall, Value[]> Band(bool isLower) => call =>
    {
        Value x = call.X;
        int k = call.Integer(0, "k"), rows = call.Context.Length(x, ^2), columns = call.Context.Length(x, ^1);
        float[] kept = [.. Enumerable.Range(0, checked(rows * columns)).Select(i => isLower == (i % columns - i / columns <= k - (isLower ? 0 : 1)) ? 1f : 0f)];
        Value mask = ConstantData.Of($"{call.Context.Name}/band", [rows, columns], kept);
        return [call.Context.F.Mul(x, call.Context.F.Cast(mask, x.Type))];
    };

    /// <summary>x[i, a:b:c, ..., None].</summary>
    public static Value[] GetItem(OperationCall call)
    {
        JsonElement key = call.Attribute("slice_spec", "key") is { ValueKind: not JsonValueKind.Undefined } named ? named : call.Context.Argument(1, "key").Constant;
        return [SliceKey.Apply(call, call.X, key)];
    }
}
