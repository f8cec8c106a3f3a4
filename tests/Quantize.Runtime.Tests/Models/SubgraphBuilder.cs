using System.Runtime.InteropServices;
using Quantize.Runtime.Format;

namespace Quantize.Runtime.Tests.Models;

/// <summary>One subgraph of a model that a test writes: tensors and operators in the order of the calls.</summary>
internal sealed class SubgraphBuilder(string name)
{
    public string Name => name;

    public List<WrittenTensor> Tensors { get; } = [];

    public List<int> Inputs { get; } = [];

    public List<int> Outputs { get; } = [];

    public List<WrittenOperator> Operators { get; } = [];

    /// <summary>A dimension of -1 is open.</summary>
    public int Input(string tensor, TensorType type, params int[] shape)
    {
        Inputs.Add(Tensor(tensor, type, shape));
        return Inputs[^1];
    }

    public int Constant<T>(TensorType type, T[] elements, params int[] shape)
        where T : unmanaged => Add(new WrittenTensor($"constant{Tensors.Count}", type, shape, MemoryMarshal.AsBytes(elements.AsSpan()).ToArray()));

    /// <summary>8-bit codes with one scale for each index of the first axis.</summary>
    public int Codes(sbyte[] codes, float[] scales, params int[] shape) =>
        Add(new WrittenTensor($"constant{Tensors.Count}", TensorType.Int8, shape, MemoryMarshal.AsBytes(codes.AsSpan()).ToArray()) { Scales = scales });

    /// <summary>8-bit codes with one scale.</summary>
    public int Weights(sbyte[] codes, float scale, params int[] shape) => Codes(codes, [scale], shape);

    public int Scalar(int value) => Constant(TensorType.Int32, [value]);

    public int Scalar(float value) => Constant(TensorType.Float32, [value]);

    /// <summary>A tensor that operators change in place.</summary>
    public int Variable(string tensor, TensorType type, params int[] shape) => Add(new WrittenTensor(tensor, type, shape, null, IsVariable: true));

    public int Tensor(string tensor, TensorType type, params int[] shape) => Add(new WrittenTensor(tensor, type, shape, null));

    /// <summary>An operator with one output; the shape is what the file declares.</summary>
    public int Call(BuiltinOperator code, int[] inputs, string output, TensorType type, int[] shape, OperatorOptions? options = null)
    {
        int tensor = Tensor(output, type, shape);
        Call(code, inputs, [tensor], options);
        return tensor;
    }

    public void Call(BuiltinOperator code, int[] inputs, int[] outputs, OperatorOptions? options = null) =>
        Operators.Add(new WrittenOperator(code, "", inputs, outputs, options ?? Ops.OperatorOptionsTable.Create(code), []));

    public void CallCustom(string code, int[] inputs, int[] outputs, byte[] options) =>
        Operators.Add(new WrittenOperator(BuiltinOperator.Custom, code, inputs, outputs, new NoOptions(), options));

    public SubgraphBuilder Return(params int[] tensors)
    {
        Outputs.AddRange(tensors);
        return this;
    }

    public int Add(WrittenTensor tensor)
    {
        Tensors.Add(tensor);
        return Tensors.Count - 1;
    }

    internal sealed record WrittenTensor(string Name, TensorType Type, int[] Shape, byte[]? Data, bool IsVariable = false)
    {
        /// <summary>One scale, or one for each index of <see cref="Axis"/>; none for a tensor of numbers.</summary>
        public float[] Scales { get; init; } = [];

        /// <summary>The code of 0, for all scales.</summary>
        public int ZeroPoint { get; init; }

        public int Axis { get; init; }
    }

    internal sealed record WrittenOperator(BuiltinOperator Code, string CustomCode, int[] Inputs, int[] Outputs, OperatorOptions Options, byte[] CustomOptions);
}
