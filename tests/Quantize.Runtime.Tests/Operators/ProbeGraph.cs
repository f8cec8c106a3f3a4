using System.Runtime.InteropServices;
using Quantize.Runtime.Format;
using Quantize.Runtime.Tests.Models;

namespace Quantize.Runtime.Tests.Operators;

/// <summary>A model of one operator in one form: small tensors of ones, weights among them as constants, or as inputs of the model.</summary>
internal sealed class ProbeGraph(ProbeForm form, bool weightsAreInputs = false)
{
    private const float DataScale = 1f / 64, WeightScale = 1f / 32;

    private readonly List<SubgraphBuilder> _subgraphs = [];

    public ProbeForm Form => form;

    public SubgraphBuilder Main { get; } = new("main");

    /// <summary>Whether the operator has constant weights, whose type the form tells.</summary>
    public bool HasWeights { get; private set; }

    /// <summary>Whether the operator has a tensor of the form's type at all.</summary>
    public bool HasData { get; private set; }

    public SubgraphBuilder[] Subgraphs => [Main, .. _subgraphs];

    /// <summary>Another subgraph; its number in the file.</summary>
    public int AddSubgraph(SubgraphBuilder subgraph)
    {
        _subgraphs.Add(subgraph);
        return _subgraphs.Count;
    }

    /// <summary>An input of the form's type.</summary>
    public int Data(params int[] shape) => DataIn(Main, shape);

    public int DataIn(SubgraphBuilder subgraph, params int[] shape)
    {
        int tensor = OfForm(subgraph, "data", shape);
        subgraph.Inputs.Add(tensor);
        return tensor;
    }

    /// <summary>An input of another type, whose elements are ones too.</summary>
    public int Other(TensorType type, params int[] shape) => Main.Input($"other{Main.Tensors.Count}", type, shape);

    /// <summary>A constant scalar of the form's type.</summary>
    public int Value() => Main.Add(Written(form.Data, "value", []) with { Data = Ones(form.Data, 1) });

    /// <summary>A constant of the form's type of weights, one scale for all.</summary>
    public int Weights(params int[] shape)
    {
        HasWeights = true;
        int count = shape.Aggregate(1, (product, dimension) => product * dimension);
        bool isQuantized = form.Weights is TensorType.Int8 or TensorType.UInt8 or TensorType.Int4;
        int tensor = Main.Add(new SubgraphBuilder.WrittenTensor($"weights{Main.Tensors.Count}", form.Weights, shape, weightsAreInputs ? null : Ones(form.Weights, count))
        {
            Scales = isQuantized ? [WeightScale] : [],
            ZeroPoint = form.Weights == TensorType.UInt8 ? 128 : 0,
        });
        if (weightsAreInputs)
            Main.Inputs.Add(tensor);
        return form.Weights == TensorType.Float16 ? Main.Call(BuiltinOperator.Dequantize, [tensor], $"wide{tensor}", TensorType.Float32, shape) : tensor;
    }

    /// <summary>One number for each output, in the scale of the sums.</summary>
    public int Bias(int count)
    {
        TensorType type = form.Data switch
        {
            TensorType.Int8 or TensorType.UInt8 => TensorType.Int32,
            TensorType.Int16 => TensorType.Int64,
            _ => TensorType.Float32,
        };
        float[] scales = type == TensorType.Float32 ? [] : [DataScale * WeightScale];
        return Main.Add(new SubgraphBuilder.WrittenTensor($"bias{Main.Tensors.Count}", type, [count], new byte[count * type.Bits() / 8]) { Scales = scales });
    }

    /// <summary>A variable tensor of the form's type.</summary>
    public int State(params int[] shape)
    {
        int state = OfForm(Main, "state", shape);
        Main.Tensors[state] = Main.Tensors[state] with { IsVariable = true };
        return state;
    }

    /// <summary>A tensor of the form's type that an operator computes.</summary>
    public int Inner(params int[] shape) => OfForm(Main, "inner", shape);

    /// <summary>An operator with one result of the form's type.</summary>
    public void Call(BuiltinOperator code, int[] inputs, int[] shape, OperatorOptions? options = null) => CallInto(code, inputs, [OfForm(Main, "result", shape)], options);

    /// <summary>An operator with one result of another type.</summary>
    public void CallOther(BuiltinOperator code, int[] inputs, TensorType type, int[] shape, OperatorOptions? options = null) =>
        CallInto(code, inputs, [Main.Tensor("result", type, shape)], options);

    /// <summary>An operator whose result has the scale that the format fixes for it: so many steps to 1, and the lowest code or the middle one for 0.</summary>
    public void CallFixed(BuiltinOperator code, int[] inputs, int[] shape, FixedScale scale, OperatorOptions? options = null)
    {
        int result = OfForm(Main, "result", shape);
        if (Main.Tensors[result].Scales.Length > 0)
            Main.Tensors[result] = Main.Tensors[result] with { Scales = [scale.Of(form.Data)], ZeroPoint = scale.ZeroPoint(form.Data) };
        CallInto(code, inputs, [result], options);
    }

    public void CallInto(BuiltinOperator code, int[] inputs, int[] results, OperatorOptions? options = null)
    {
        Main.Call(code, inputs, results, options);
        Main.Return(results);
    }

    public int Numbers(params int[] values) => Main.Constant(TensorType.Int32, values, values.Length);

    /// <summary>Elements that are one: codes one above the zero point, as numbers the number 1.</summary>
    public static byte[] Ones(TensorType type, int count) => type switch
    {
        TensorType.Float32 => Bytes(Enumerable.Repeat(1f, count)),
        TensorType.Float16 => Bytes(Enumerable.Repeat((Half)1, count)),
        TensorType.Int32 => Bytes(Enumerable.Repeat(1, count)),
        TensorType.Int64 => Bytes(Enumerable.Repeat(1L, count)),
        TensorType.Int16 => Bytes(Enumerable.Repeat((short)1, count)),
        TensorType.Complex64 => Bytes(Enumerable.Repeat(1f, 2 * count)),
        TensorType.Int4 => [.. Enumerable.Repeat((byte)0x11, (count + 1) / 2)],
        TensorType.String => PackedOnes(count),
        _ => [.. Enumerable.Repeat((byte)1, count)],
    };

    private static byte[] Bytes<T>(IEnumerable<T> values)
        where T : unmanaged => MemoryMarshal.AsBytes(values.ToArray().AsSpan()).ToArray();

    private static byte[] PackedOnes(int count)
    {
        var bytes = new byte[StringPacker.Length(count, count)];
        var packer = new StringPacker(bytes, count);
        for (int i = 0; i < count; i++)
            packer.Add("1"u8);
        return bytes;
    }

    private static SubgraphBuilder.WrittenTensor Written(TensorType type, string name, int[] shape) => new(name, type, shape, null)
    {
        Scales = type is TensorType.Int8 or TensorType.UInt8 or TensorType.Int16 ? [DataScale] : [],
        ZeroPoint = type == TensorType.UInt8 ? 128 : 0,
    };

    private int OfForm(SubgraphBuilder subgraph, string name, int[] shape)
    {
        HasData = true;
        return subgraph.Add(Written(form.Data, $"{name}{subgraph.Tensors.Count}", shape));
    }
}
