using Quantize.Runtime.Format;
using Quantize.Runtime.Tests.Models;

namespace Quantize.Runtime.Tests.Nnapi;

/// <summary>One operation on its way into a .tflite: what its operands are, and the operators that give its results.</summary>
internal sealed class NnapiNode(NnapiModel model, NnapiOperation operation)
{
    private static readonly int[] s_toChannelsLast = [0, 2, 3, 1];
    private static readonly int[] s_toChannelsFirst = [0, 3, 1, 2];

    public NnapiModel Model => model;

    public SubgraphBuilder Graph => model.Graph;

    public int InputCount => operation.Inputs.Length;

    public int OutputCount => operation.Outputs.Length;

    public NnapiOperand Input(int index) => model.Operand(operation.Inputs[index]);

    public NnapiOperand Output(int index) => model.Operand(operation.Outputs[index]);

    public bool Has(int index) => index < InputCount && !model.IsAbsent(operation.Inputs[index]);

    public int Tensor(int index) => model.Tensor(operation.Inputs[index]);

    /// <summary>-1 for an operand that is not given.</summary>
    public int OptionalTensor(int index) => Has(index) ? Tensor(index) : -1;

    /// <summary>Optional operands, one after the other.</summary>
    public IEnumerable<int> OptionalTensors(int first, int count) => Enumerable.Range(first, count).Select(OptionalTensor);

    public int State(int index) => model.Variable(operation.Inputs[index]);

    public int[] Ints(int index) => [.. NnapiValues.Numbers(model.Value(operation.Inputs[index])).Select(value => (int)value)];

    public int Int(int index) => Ints(index)[0];

    public bool Bool(int index) => Int(index) != 0;

    public float Float(int index) => (float)NnapiValues.Numbers(model.Value(operation.Inputs[index]))[0];

    public ActivationFunction Activation(int index) => (ActivationFunction)Int(index);

    /// <summary>Whether an operand that may be there says that channels come before rows and columns.</summary>
    public bool ChannelsFirst(int index) => index < InputCount && Bool(index);

    /// <summary>An axis counted from the front.</summary>
    public int Axis(int index) => Int(index) < 0 ? Int(index) + Input(0).Shape.Length : Int(index);

    public int Constant(params int[] values) => Graph.Constant(TensorType.Int32, values, values.Length);

    /// <summary>An input with its channels last.</summary>
    public int Image(int index, bool channelsFirst) => channelsFirst ? Transposed(Tensor(index), s_toChannelsLast) : Tensor(index);

    public int[] ImageShape(NnapiOperand operand, bool channelsFirst) => channelsFirst ? Permute(operand.Shape, s_toChannelsLast) : operand.Shape;

    public int Transposed(int tensor, int[] permutation)
    {
        int result = Like(tensor, Permute(Graph.Tensors[tensor].Shape, permutation));
        Graph.Call(BuiltinOperator.Transpose, [tensor, Constant(permutation)], [result]);
        return result;
    }

    /// <summary>A tensor of the same type and scale.</summary>
    public int Like(int tensor, int[] shape) => Graph.Add(Graph.Tensors[tensor] with { Name = $"t{Graph.Tensors.Count}", Shape = shape, Data = null });

    /// <summary>The operator that gives the operation's one result.</summary>
    public void Result(BuiltinOperator code, int[] inputs, OperatorOptions? options = null) => Graph.Call(code, inputs, [ResultTensor(0)], options);

    /// <summary>The operator whose result has its channels last, whatever the operation's has.</summary>
    public void ImageResult(bool channelsFirst, BuiltinOperator code, int[] inputs, OperatorOptions? options = null) =>
        PermutedResult(channelsFirst ? s_toChannelsFirst : null, code, inputs, options);

    /// <summary>The operator whose result becomes the operation's when its axes change places.</summary>
    public void PermutedResult(int[]? permutation, BuiltinOperator code, int[] inputs, OperatorOptions? options = null)
    {
        int result = ResultTensor(0);
        if (permutation is null)
        {
            Graph.Call(code, inputs, [result], options);
            return;
        }

        int before = Like(result, Permute(Output(0).Shape, Inverse(permutation)));
        Graph.Call(code, inputs, [before], options);
        Graph.Call(BuiltinOperator.Transpose, [before, Constant(permutation)], [result]);
    }

    /// <summary>The tensor for a result.</summary>
    public int ResultTensor(int index)
    {
        int tensor = Graph.Add(NnapiModel.Written(Output(index), operation.Outputs[index]));
        model.SetResult(operation.Outputs[index], tensor);
        return tensor;
    }

    /// <summary>A result that is found in a tensor which stands for something else too.</summary>
    public void SetResult(int index, int tensor) => model.SetResult(operation.Outputs[index], tensor);

    /// <summary>Two axes change places; null where they are one.</summary>
    public static int[]? Swap(int rank, int first, int second)
    {
        if (first == second)
            return null;
        int[] permutation = [.. Enumerable.Range(0, rank)];
        (permutation[first], permutation[second]) = (second, first);
        return permutation;
    }

    private static int[] Permute(int[] shape, int[] permutation) => [.. permutation.Select(axis => shape[axis])];

    private static int[] Inverse(int[] permutation) => [.. Enumerable.Range(0, permutation.Length).Select(axis => Array.IndexOf(permutation, axis))];
}
