using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Layers;
using Quantize.Converter.Keras.Models;
using Quantize.Converter.Keras.Weights;
using Quantize.Converter.Ops;
using Quantize.Converter.TensorFlow;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Keras;

/// <summary>
/// What the importer of a layer sees: its configuration and weights, what it is called with, and the graph, to which it adds TensorFlow's operations or builtins.
/// </summary>
internal sealed class LayerContext
{
    private readonly ImportContext _import;
    private readonly LayerScope _scope;
    private readonly IReadOnlyList<BoundArgument> _positional;
    private readonly IReadOnlyDictionary<string, BoundArgument> _named;

    public LayerContext(
        string name, KerasObject layer, LayerWeights weights, IReadOnlyList<BoundArgument> positional, IReadOnlyDictionary<string, BoundArgument> named, LayerScope scope)
    {
        Name = name;
        Object = layer;
        Weights = weights;
        _positional = positional;
        _named = named;
        _scope = scope;
        Inputs = [.. Argument(0, "inputs").Tensors];
        if (Inputs.Count == 0)
            Inputs = [.. named.Values.SelectMany(argument => argument.Tensors)];
        _import = new ImportContext(new TfNode(name, layer.ClassName), [.. Inputs.Select(input => input.Value)], scope.Imports);
    }

    public string Name { get; }

    public KerasObject Object { get; }

    public LayerConfig Config => Object.Config;

    public LayerWeights Weights { get; }

    public bool IsKeras3 => _scope.IsKeras3;

    /// <summary>Whether this version of Keras 3, or a later one, wrote the file.</summary>
    public bool IsSince(int minor) => IsKeras3 && _scope.Writer.Minor >= minor;

    public LayerScope Scope => _scope;

    public ImportContext Import => _import;

    /// <summary>The tensors of the first argument.</summary>
    public IReadOnlyList<KerasTensor> Inputs { get; }

    public int PositionalCount => _positional.Count;

    /// <summary>The masks of the results, where the layer computes them itself.</summary>
    public Value?[] OutputMasks { get; set; } = [];

    public Formula F => new(_import);

    public Arrangement Arrange => new(_import);

    /// <summary>The first input in float32.</summary>
    public Value X => Float(0);

    /// <summary>The mask given by name, or the one that the first input carries.</summary>
    public Value? Mask => Argument(-1, "mask") is { Tensor: { } given } ? given.Value : Inputs.Count > 0 ? Inputs[0].Mask : null;

    public Value Float(int input) => AsFloat(input < Inputs.Count ? Inputs[input].Value : throw new LayerException($"it is called with {Inputs.Count} tensors, not {input + 1}"));

    public Value AsFloat(Value value) => F.Cast(value, TensorType.Float32);

    public BoundArgument Argument(int position, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (_named.TryGetValue(name, out BoundArgument? named))
                return named;
        }

        return position >= 0 && position < _positional.Count ? _positional[position] : BoundArgument.Absent;
    }

    /// <summary>One of TensorFlow's operations.</summary>
    public Value Call(string op, Value[] operands, params (string Name, object Value)[] attributes) => CallMany(op, operands, attributes)[0];

    public Value[] CallMany(string op, Value[] operands, params (string Name, object Value)[] attributes)
    {
        var node = new TfNode($"{Name}/{op}", op, attributes.ToDictionary(attribute => attribute.Name, attribute => attribute.Value, StringComparer.Ordinal));
        ImportContext context = _import.With(node, operands);
        Value[] results = TensorFlowOps.Table[op](context);
        context.NameResults(results);
        return results;
    }

    public Value Emit(BuiltinOperator code, params Value?[] operands) => _import.Emit(code, operands);

    public Value Emit(BuiltinOperator code, OperatorOptions options, params Value?[] operands) => _import.Emit(code, options, operands);

    public Value Reduce(BuiltinOperator code, Value value, int[] axes, bool keepDims) =>
        _import.Emit(code, new ReducerOptions { KeepDims = keepDims }, value, Arrange.Vector("axes", axes));

    public Value Number(float number) => F.Number(number);

    /// <summary>A weight in float32 whose shape must be this one; -1 stands for any length.</summary>
    public Value Weight(int number, string name, params int[] shape) => Weight(Weights, number, name, shape);

    public Value Weight(LayerWeights weights, int number, string name, params int[] shape)
    {
        Value weight = Stored(weights, number, name, shape);
        return weight.Type != TensorType.Int8 ? WeightForms.AsFloat(weight) : throw Refuse($"Keras has quantized its '{name}'; save the model before it is quantized");
    }

    /// <summary>A weight as the file has it, which may be codes.</summary>
    public Value Stored(LayerWeights weights, int number, string name, params int[] shape)
    {
        Value weight = weights.Own(number, $"{Name}/{name}") ?? throw new LayerException($"the file has no '{name}' for it");
        int[] found = weight.Shape.ToArray();
        bool fits = found.Length == shape.Length && found.Zip(shape).All(pair => pair.Second < 0 || pair.First == pair.Second);
        if (!fits)
            throw new LayerException($"its '{name}' has the shape [{string.Join(',', found)}], and the configuration wants [{string.Join(',', shape.Select(Length))}]");
        return weight;

        static string Length(int length) => length < 0 ? "any" : FormattableString.Invariant($"{length}");
    }

    /// <summary>The length of a dimension that must be known.</summary>
    public int Length(Value value, Index axis) => value.Shape[axis] is { IsKnown: true } length
        ? length.Value
        : throw Refuse($"dimension {axis.GetOffset(value.Shape.Rank)} of its input is open; give the model's input a fixed size");

    /// <summary>An axis counted from the front.</summary>
    public int Axis(Value value, int axis)
    {
        int rank = value.Shape.Rank;
        return axis >= -rank && axis < rank ? (axis + rank) % rank : throw new LayerException($"its axis {axis} is none of an input with {rank} dimensions");
    }

    public Value OfRank(Value value, int rank) =>
        value.Shape.Rank == rank ? value : throw new LayerException($"its input has {value.Shape.Rank} dimensions, not {rank}");

    /// <summary>The function that an attribute names; none where it says so, and the layer's own where the attribute is absent.</summary>
    public Value Activation(Value value, string attribute = "activation", string absent = "linear") =>
        Config.Has(attribute) || Config.IsNull(attribute) ? Activations.Apply(this, value, Config.Of(attribute)) : Activations.Table[absent](this, value);

    /// <summary>A layer within this one.</summary>
    public LayerContext Within(KerasObject layer, string name, LayerWeights weights, params Value[] inputs) =>
        Within(layer, name, weights, [.. inputs.Select(input => new KerasTensor(input, input.Type))]);

    public LayerContext Within(KerasObject layer, string name, LayerWeights weights, KerasTensor[] inputs)
    {
        BoundArgument[] tensors = [.. inputs.Select(BoundArgument.To)];
        BoundArgument[] positional = tensors is [BoundArgument only] ? [only] : [new BoundArgument(null, tensors, default)];
        return new LayerContext($"{Name}/{name}", layer, weights, positional, new Dictionary<string, BoundArgument>(), _scope);
    }

    /// <summary>The same layer within the graph of a loop.</summary>
    public LayerContext In(Graph graph) => new(Name, Object, Weights, _positional, _named, _scope.In(graph));

    public Exception Refuse(string reason) => _import.Refuse(reason);
}
