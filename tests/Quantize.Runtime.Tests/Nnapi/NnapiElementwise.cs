using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Runtime.Tests.Nnapi;

/// <summary>Operations on elements one by one, and those that fold them.</summary>
internal static class NnapiElementwise
{
    /// <summary>An operator with the same operands and no options.</summary>
    public static void Plain(NnapiNode node, BuiltinOperator code) => node.Result(code, [.. Enumerable.Range(0, node.InputCount).Select(node.Tensor)]);

    public static void Add(NnapiNode node) => node.Result(BuiltinOperator.Add, [node.Tensor(0), node.Tensor(1)], new AddOptions { Activation = node.Activation(2) });

    public static void Sub(NnapiNode node) => node.Result(BuiltinOperator.Sub, [node.Tensor(0), node.Tensor(1)], new SubOptions { Activation = node.Activation(2) });

    public static void Mul(NnapiNode node) => node.Result(BuiltinOperator.Mul, [node.Tensor(0), node.Tensor(1)], new MulOptions { Activation = node.Activation(2) });

    public static void Div(NnapiNode node) => node.Result(BuiltinOperator.Div, [node.Tensor(0), node.Tensor(1)], new DivOptions { Activation = node.Activation(2) });

    public static void ArgMax(NnapiNode node) =>
        node.Result(BuiltinOperator.ArgMax, [node.Tensor(0), node.Constant(node.Axis(1))], new ArgMaxOptions { OutputType = TensorType.Int32 });

    public static void ArgMin(NnapiNode node) =>
        node.Result(BuiltinOperator.ArgMin, [node.Tensor(0), node.Constant(node.Axis(1))], new ArgMinOptions { OutputType = TensorType.Int32 });

    public static void Reduce(NnapiNode node, BuiltinOperator code) => node.Result(code, [node.Tensor(0), node.Tensor(1)], new ReducerOptions { KeepDims = node.Bool(2) });

    /// <summary>TensorFlow Lite orders numbers only: truth values are compared as such.</summary>
    public static void Greater(NnapiNode node) => node.Result(BuiltinOperator.Greater, [Number(node, 0), Number(node, 1)]);

    private static int Number(NnapiNode node, int input)
    {
        if (node.Input(input).TensorType != TensorType.Bool)
            return node.Tensor(input);
        var options = new CastOptions { InDataType = TensorType.Bool, OutDataType = TensorType.Int32 };
        return node.Graph.Call(BuiltinOperator.Cast, [node.Tensor(input)], $"number {input}", TensorType.Int32, node.Input(input).Shape, options);
    }
}
