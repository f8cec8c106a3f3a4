using Quantize.Converter.Graphs;
using Quantize.Converter.TensorFlow;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>Operations that make tensors of numbers and shapes: what is known when the model is converted becomes a constant.</summary>
internal static class Generators
{
    public static Value[] Fill(ImportContext context) => [context.Emit(BuiltinOperator.Fill, context.Index(0), context.Input(1))];

    /// <summary>What is not initialized may be anything: zeros.</summary>
    public static Value[] Empty(ImportContext context) =>
        [context.Emit(BuiltinOperator.Fill, context.Index(0), new Formula(context).Number(context.DataType("dtype", TfDataType.Float32), 0))];

    public static Value[] Range(ImportContext context)
    {
        TensorType type = context.Input(0).Type;
        if (type is TensorType.Float32 or TensorType.Int32 or TensorType.Int64)
            return [context.Emit(BuiltinOperator.Range, context.Input(0), context.Input(1), context.Input(2))];
        if (type is not (TensorType.Int8 or TensorType.UInt8 or TensorType.Int16 or TensorType.UInt16))
            throw context.Refuse($"it counts in {type}; cast to float32 or int32");
        var formula = new Formula(context);
        Value[] operands = [.. context.Inputs.Select(operand => formula.Cast(operand, TensorType.Int32))];
        return [formula.Cast(context.Emit(BuiltinOperator.Range, operands), type)];
    }

    /// <summary>start + i * (stop - start) / (count - 1).</summary>
    public static Value[] LinSpace(ImportContext context)
    {
        Value start = context.Input(0), stop = context.Input(1);
        int count = context.Integer(2);
        if (start.Type != TensorType.Float32 || count < 1)
            throw context.Refuse($"it makes {count} numbers of type {start.Type}");
        var formula = new Formula(context);
        float[] steps = [.. Enumerable.Range(0, count).Select(i => (float)i)];
        Value step = formula.Div(formula.Sub(stop, start), formula.Number(Math.Max(1, count - 1)));
        return [formula.Add(formula.Mul(ConstantData.Of($"{context.Node.Name}/steps", [count], steps), step), start)];
    }

    public static Value[] OneHot(ImportContext context)
    {
        Value indices = context.Input(0);
        if (indices.Type is not (TensorType.Int32 or TensorType.Int64))
            indices = new Formula(context).Cast(indices, TensorType.Int32);
        var options = new OneHotOptions { Axis = (int)context.Node.Attribute("axis", -1L) };
        return [context.Emit(BuiltinOperator.OneHot, options, indices, context.Index(1), context.Input(2), context.Input(3))];
    }

    /// <summary>Where each of several tensors begins when they are joined along an axis: a vector for each.</summary>
    public static Value[] ConcatOffset(ImportContext context)
    {
        int axis = context.Integer(0), rank = context.Input(1).Shape is { IsStatic: true, Rank: 1 } shape ? shape[0].Value : throw context.Refuse("its shapes have no known length");
        var along = new int[rank];
        along[axis < 0 ? axis + rank : axis] = 1;
        var arrangement = new Arrangement(context);
        var formula = new Formula(context);
        Value mask = formula.Cast(arrangement.Vector("along", along), context.Input(1).Type), offset = formula.Cast(arrangement.Vector("first", new int[rank]), context.Input(1).Type);
        List<Value> offsets = [offset];
        for (int i = 1; i < context.InputCount - 1; i++)
            offsets.Add(offset = formula.Add(offset, formula.Mul(context.Input(i), mask)));
        return [.. offsets];
    }

    /// <summary>Element i of the result says where i stands.</summary>
    public static Value[] InvertPermutation(ImportContext context)
    {
        if (context.Input(0).Shape is not { IsStatic: true, Rank: 1 } shape)
            throw context.Refuse("its input has no known length");
        Value places = context.Emit(BuiltinOperator.ExpandDims, context.Index(0), ConstantData.Scalar($"{context.Node.Name}/axis", 1));
        var arrangement = new Arrangement(context);
        Value counted = arrangement.Vector("counted", [.. Enumerable.Range(0, shape[0].Value)]);
        Value inverted = context.Emit(BuiltinOperator.ScatterNd, places, counted, arrangement.Vector("length", shape[0].Value));
        return [new Formula(context).Cast(inverted, context.Input(0).Type)];
    }
}
