using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Runtime.Tests.Nnapi;

/// <summary>Lookups by key and by hash.</summary>
internal static class NnapiLookups
{
    public static void Hashtable(NnapiNode node) =>
        node.Graph.Call(BuiltinOperator.HashtableLookup, [node.Tensor(0), node.Tensor(1), node.Tensor(2)], [node.ResultTensor(0), node.ResultTensor(1)]);

    /// <summary>2 is dense; 3 is sparse; 1 is sparse with numbers that count from 0 for each hash: from those of all, the first of each is taken off.</summary>
    public static void LshProjection(NnapiNode node)
    {
        const int FromZero = 1, Dense = 2;
        int[] inputs = node.Has(2) ? [node.Tensor(0), node.Tensor(1), node.Tensor(2)] : [node.Tensor(0), node.Tensor(1)];
        var options = new LshProjectionOptions { Kind = node.Int(3) == Dense ? LshProjectionKind.Dense : LshProjectionKind.Sparse };
        if (node.Int(3) != FromZero)
        {
            node.Result(BuiltinOperator.LshProjection, inputs, options);
            return;
        }

        int[] seeds = node.Input(0).Shape;
        int numbers = node.Graph.Call(BuiltinOperator.LshProjection, inputs, "numbers of all", TensorType.Int32, [seeds[0]], options);
        node.Result(BuiltinOperator.Sub, [numbers, node.Constant([.. Enumerable.Range(0, seeds[0]).Select(hash => hash << seeds[1])])], new SubOptions());
    }
}
