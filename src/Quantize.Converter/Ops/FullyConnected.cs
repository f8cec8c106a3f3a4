using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>
/// Products of matrices. FULLY_CONNECTED where the right one is a matrix of constants (TensorFlow's [inputs, outputs] becomes [outputs, inputs]), BATCH_MATMUL where it
/// is not; integers, for which neither has kernels, by MUL and SUM.
/// </summary>
internal static class FullyConnected
{
    public static Value[] MatMul(ImportContext context)
    {
        Value left = context.OfRank(0, 2), right = context.OfRank(1, 2);
        bool transposeLeft = context.Node.Attribute("transpose_a", false), transposeRight = context.Node.Attribute("transpose_b", false);
        return [Product(context, left, right, transposeLeft, transposeRight)];
    }

    /// <summary>Leading dimensions are broadcast; a matrix on the right meets every one on the left.</summary>
    public static Value[] BatchMatMul(ImportContext context)
    {
        Value left = context.Input(0), right = context.Input(1);
        if (context.Rank(0) < 2 || context.Rank(1) < 2)
            throw context.Refuse($"it multiplies {left.Shape} with {right.Shape}; both must be matrices");
        Value product = Product(context, left, right, context.Node.Attribute("adj_x", false), context.Node.Attribute("adj_y", false));
        return [new Formula(context).Cast(product, context.DataType("Tout", context.Node.Attribute("T", TensorFlow.TfDataType.Float32)))];
    }

    public static Value Product(ImportContext context, Value left, Value right, bool transposeLeft, bool transposeRight)
    {
        if (left.Type != TensorType.Float32)
            return OfIntegers(context, left, right, transposeLeft, transposeRight);
        if (right.Shape.Rank == 2 && ImportContext.IsFixed(right))
            return Dense(context, transposeLeft ? new Arrangement(context).SwapLastTwo(left) : left, right, transposeRight);
        return context.Emit(BuiltinOperator.BatchMatmul, new BatchMatMulOptions { AdjX = transposeLeft, AdjY = transposeRight }, left, right);
    }

    private static Value Dense(ImportContext context, Value rows, Value weights, bool weightsAreTransposed)
    {
        int[] permutation = weightsAreTransposed ? [0, 1] : [1, 0];
        return context.Emit(
            BuiltinOperator.FullyConnected, new FullyConnectedOptions { KeepNumDims = rows.Shape.Rank > 2 }, rows, context.Permuted(weights, permutation), null);
    }

    /// <summary>The products [..., rows, depth, 1] x [..., 1, depth, columns], added up along the depth.</summary>
    private static Value OfIntegers(ImportContext context, Value left, Value right, bool transposeLeft, bool transposeRight)
    {
        if (left.Type is not (TensorType.Int8 or TensorType.UInt8 or TensorType.Int16 or TensorType.UInt16 or TensorType.Int32 or TensorType.Int64))
            throw context.Refuse($"it multiplies matrices of {left.Type}; cast to float32");
        var arrangement = new Arrangement(context);
        var formula = new Formula(context);
        TensorType type = left.Type == TensorType.Int64 ? TensorType.Int64 : TensorType.Int32;
        Value a = formula.Cast(transposeLeft ? arrangement.SwapLastTwo(left) : left, type), b = formula.Cast(transposeRight ? arrangement.SwapLastTwo(right) : right, type);
        a = context.Emit(BuiltinOperator.ExpandDims, a, ConstantData.Scalar($"{context.Node.Name}/last", -1));
        b = context.Emit(BuiltinOperator.ExpandDims, b, ConstantData.Scalar($"{context.Node.Name}/rows", -3));
        Value sum = context.Emit(BuiltinOperator.Sum, new ReducerOptions(), formula.Mul(a, b), arrangement.Vector("depth", -2));
        return formula.Cast(sum, left.Type);
    }
}
