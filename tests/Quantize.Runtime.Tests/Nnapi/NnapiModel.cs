using System.Text.Json;
using Quantize.Runtime.Format;
using Quantize.Runtime.Tests.Models;

namespace Quantize.Runtime.Tests.Nnapi;

/// <summary>
/// The .tflite that says what a case says. Constants are constants of the file, halves among them stored as such and widened by DEQUANTIZE; inputs are inputs; state stands in
/// variable tensors, which begin as the example says.
/// </summary>
internal sealed class NnapiModel(NnapiCase test, NnapiExample example)
{
    private readonly Dictionary<string, int> _tensors = [];

    public SubgraphBuilder Graph { get; } = new("main");

    /// <summary>The inputs of the file, in its order.</summary>
    public List<string> Inputs { get; } = [];

    /// <summary>The tensor in which a result is found after a run.</summary>
    public Dictionary<string, string> Results { get; } = [];

    public static NnapiModel Build(NnapiCase test, NnapiExample example)
    {
        var model = new NnapiModel(test, example);
        foreach (NnapiOperation operation in test.Operations)
            NnapiOperators.Find(operation.Code)(new NnapiNode(model, operation));
        model.Graph.Return([.. test.Operations.SelectMany(operation => operation.Outputs).Where(name => test.Operand(name).Role == "output").Select(name => model._tensors[name])]);
        return model;
    }

    public NnapiOperand Operand(string name) => test.Operand(name);

    /// <summary>An optional operand that the case does not give.</summary>
    public bool IsAbsent(string name)
    {
        NnapiOperand operand = Operand(name);
        return operand.Role is "input" or "const" && (operand.Shape.Contains(0) || (operand.Shape.Length > 0 && Value(name).GetArrayLength() == 0));
    }

    public JsonElement Value(string name) => Operand(name).Value ?? example.Inputs[name];

    /// <summary>The tensor of an operand: a constant, an input, or what an earlier operation gave.</summary>
    public int Tensor(string name) => _tensors.TryGetValue(name, out int tensor) ? tensor : _tensors[name] = Create(Operand(name));

    /// <summary>A variable tensor that begins with the operand's values: an operator on constants writes it before the first run.</summary>
    public int Variable(string name)
    {
        NnapiOperand operand = Operand(name);
        int initial = Graph.Constant(TensorType.UInt8, Array.Empty<byte>(), 0);
        Graph.Tensors[initial] = Written(operand, $"{name} at first") with { Data = NnapiValues.Bytes(operand, Value(name)) };
        int variable = Graph.Add(Written(operand, name) with { IsVariable = true });
        Graph.Call(BuiltinOperator.Reshape, [initial, Graph.Constant(TensorType.Int32, operand.Shape, operand.Shape.Length)], [variable]);
        return variable;
    }

    /// <summary>A new tensor like the operand, with other dimensions or another type.</summary>
    public int Like(NnapiOperand operand, string suffix, int[] shape) => Graph.Add(Written(operand, $"{operand.Name} {suffix} {Graph.Tensors.Count}") with { Shape = shape });

    public void SetResult(string name, int tensor)
    {
        _tensors[name] = tensor;
        Results[name] = Graph.Tensors[tensor].Name;
    }

    public static SubgraphBuilder.WrittenTensor Written(NnapiOperand operand, string name) =>
        new(name, operand.TensorType, operand.Shape, null) { Scales = operand.Scales, ZeroPoint = operand.ZeroPoint, Axis = operand.Axis };

    private int Create(NnapiOperand operand)
    {
        if (operand.Role != "const")
        {
            // An operand that no operation has given yet is an input, also where the operations of other makers that would give it are left out.
            Inputs.Add(operand.Name);
            int input = Graph.Add(Written(operand, operand.Name));
            Graph.Inputs.Add(input);
            return input;
        }

        if (!operand.IsHalf)
            return Graph.Add(Written(operand, operand.Name) with { Data = NnapiValues.Bytes(operand, Value(operand.Name)) });
        int halves = Graph.Add(new SubgraphBuilder.WrittenTensor($"{operand.Name} halves", TensorType.Float16, operand.Shape, NnapiValues.Halves(Value(operand.Name))));
        return Graph.Call(BuiltinOperator.Dequantize, [halves], operand.Name, TensorType.Float32, operand.Shape);
    }
}
