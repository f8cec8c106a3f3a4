using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Layers;

namespace Quantize.Converter.Keras.Operations;

/// <summary>The order of elements along an axis.</summary>
internal static class Sorting
{
    /// <summary>From the least to the greatest.</summary>
    public static Value[] Sort(OperationCall call) => [Activations.AlongLast(call.Context, call.Float, call.Axis(call.X, -1), last => call.Context.F.Neg(Greatest(call, call.Context.F.Neg(last))[0]))];

    /// <summary>The places that the elements of the sorted row come from.</summary>
    public static Value[] ArgSort(OperationCall call) => [Activations.AlongLast(call.Context, call.Float, call.Axis(call.X, -1), last => Greatest(call, call.Context.F.Neg(last))[1])];

    public static Value[] TopK(OperationCall call) => call.Context.CallMany("TopKV2", [call.X, ConstantData.Scalar($"{call.Context.Name}/k", call.Integer(1, "k"))]);

    /// <summary>Elements at places of their own along an axis.</summary>
    public static Value[] TakeAlong(OperationCall call)
    {
        Value x = call.X, places = call.Context.F.Cast(call.Operand(1, "indices"), Runtime.TensorType.Int32);
        int rank = x.Shape.Rank, axis = call.Axis(x, -1);
        if (places.Shape.Rank != rank)
            throw new Models.LayerException($"its places have {places.Shape.Rank} dimensions, and its elements {rank}");
        int[] swap = [.. Enumerable.Range(0, rank)];
        (swap[axis], swap[rank - 1]) = (rank - 1, axis);
        bool isLast = axis == rank - 1;
        Value taken = call.Context.Call(
            "GatherV2",
            [isLast ? x : call.Context.Arrange.Transpose(x, swap), isLast ? places : call.Context.Arrange.Transpose(places, swap), ConstantData.Scalar($"{call.Context.Name}/axis", rank - 1)],
            ("batch_dims", (long)(rank - 1)));
        return [isLast ? taken : call.Context.Arrange.Transpose(taken, swap)];
    }

    private static Value[] Greatest(OperationCall call, Value row) =>
        call.Context.CallMany("TopKV2", [row, ConstantData.Scalar($"{call.Context.Name}/k", call.Context.Length(row, ^1))]);
}
