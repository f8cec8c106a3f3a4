using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>FULLY_CONNECTED: TensorFlow's [inputs, outputs] becomes [outputs, inputs].</summary>
internal static class FullyConnected
{
    public static Value[] MatMul(ImportContext context)
    {
        if (!context.IsFixed(1))
            return [Product(context, context.Node.Attribute("transpose_a", false), context.Node.Attribute("transpose_b", false))];
        Value rows = context.Node.Attribute("transpose_a", false) ? SwapLastTwo(context) : context.Input(0);
        return [Import(context, rows, context.Node.Attribute("transpose_b", false), keepDimensions: false)];
    }

    /// <summary>A matrix of weights on the right: every row of every matrix on the left meets the same one.</summary>
    public static Value[] BatchMatMul(ImportContext context)
    {
        if (context.Rank(1) != 2 || !context.IsFixed(1))
            return [Product(context, context.Node.Attribute("adj_x", false), context.Node.Attribute("adj_y", false))];
        Value rows = context.Node.Attribute("adj_x", false) ? SwapLastTwo(context) : context.Input(0);
        return [Import(context, rows, context.Node.Attribute("adj_y", false), keepDimensions: context.Rank(0) > 2)];
    }

    /// <summary>BATCH_MATMUL of two tensors, neither of them a matrix of weights.</summary>
    private static Value Product(ImportContext context, bool transposeLeft, bool transposeRight) => context.Input(0).Type == TensorType.Float32
        ? context.Emit(BuiltinOperator.BatchMatmul, new BatchMatMulOptions { AdjX = transposeLeft, AdjY = transposeRight }, context.Input(0), context.Input(1))
        : throw context.Refuse($"it multiplies matrices of {context.Input(0).Type}; cast to float32");

    private static Value Import(ImportContext context, Value rows, bool weightsAreTransposed, bool keepDimensions)
    {
        if (rows.Type != TensorType.Float32)
            throw context.Refuse($"it multiplies matrices of {rows.Type}; cast to float32");
        Value weights = weightsAreTransposed ? context.Weights(1, 0, 1) : context.Weights(1, 1, 0);
        return context.Emit(BuiltinOperator.FullyConnected, new FullyConnectedOptions { KeepNumDims = keepDimensions }, rows, weights, null);
    }

    private static Value SwapLastTwo(ImportContext context)
    {
        int rank = context.Rank(0);
        int[] permutation = [.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2];
        return context.Emit(BuiltinOperator.Transpose, context.Input(0), ConstantData.Of($"{context.Node.Name}/permutation", permutation));
    }
}
