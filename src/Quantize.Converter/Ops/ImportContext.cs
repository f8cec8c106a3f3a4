using Quantize.Converter.Graphs;
using Quantize.Converter.TensorFlow;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Ops;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Ops;

/// <summary>What an importer sees: one TensorFlow node, its inputs as values, and the graph it adds builtins to.</summary>
internal sealed class ImportContext(TfNode node, Value[] inputs, ImportScope scope)
{
    private List<Node> _emitted = [];

    public TfNode Node { get; } = node;

    public ImportScope Scope => scope;

    public int InputCount => inputs.Length;

    public IReadOnlyList<Value> Inputs => inputs;

    /// <summary>The same place in the graph for another form of the node.</summary>
    public ImportContext With(TfNode other, Value[] operands) => new(other, operands, scope) { _emitted = _emitted };

    public Value Input(int index) => index < inputs.Length ? inputs[index] : throw Contradict($"has {inputs.Length} inputs, not {index + 1}");

    /// <summary>Adds a builtin with one output, whose type and shape follow from its rule.</summary>
    public Value Emit(BuiltinOperator code, OperatorOptions options, params Value?[] operands) => EmitMany(code, options, 1, operands)[0];

    /// <summary>Adds a builtin with several outputs.</summary>
    public Value[] EmitMany(BuiltinOperator code, OperatorOptions options, int outputCount, params Value?[] operands) =>
        Emit(code, options, [.. Enumerable.Repeat(TensorType.Float32, outputCount)], operands);

    /// <summary>Adds a builtin that only its output's declared type tells what to make.</summary>
    public Value EmitAs(TensorType type, BuiltinOperator code, params Value?[] operands) => Emit(code, OperatorOptionsTable.Create(code), [type], operands)[0];

    /// <summary>Adds a builtin whose options are all at their defaults, or that has none.</summary>
    public Value Emit(BuiltinOperator code, params Value?[] operands) => Emit(code, OperatorOptionsTable.Create(code), operands);

    private Value[] Emit(BuiltinOperator code, OperatorOptions options, TensorType[] declared, Value?[] operands) => Emit(code, options, declared, operands, []);

    private Value[] Emit(BuiltinOperator code, OperatorOptions options, TensorType[] declared, Value?[] operands, Graph[] callees)
    {
        string name = $"{Node.Name}/{code}";
        Value[] outputs = [.. declared.Select((type, i) => new Value(i == 0 ? name : $"{name}:{i}", type, Shape.Unknown))];
        var emitted = new Node(name, code, options, operands, outputs) { Callees = callees, Number = scope.Graph.NextNumber() };
        scope.Graph.Nodes.Add(emitted);
        _emitted.Add(emitted);
        ShapeInference.Infer(emitted);
        if (FixedIntegers.Of(emitted) is { } known)
            return Settled(emitted, known);
        foreach (Value output in outputs)
            KnownElements.Name(output, scope.Graph);
        return outputs;
    }

    /// <summary>Adds a builtin that runs graphs: it has the outputs of the last one.</summary>
    public Value[] EmitCaller(BuiltinOperator code, OperatorOptions options, Value[] operands, params Graph[] callees) =>
        Emit(code, options, [.. callees[^1].Outputs.Select(output => output.Type)], operands, callees);

    /// <summary>The node was only needed to know its outputs.</summary>
    private Value[] Settled(Node node, Value[] known)
    {
        _emitted.Remove(node);
        scope.Graph.Remove(node);
        return known;
    }

    public int Rank(int input) =>
        Input(input).Shape is { HasRank: true } shape ? shape.Rank : throw Contradict($"needs to know how many dimensions '{Input(input).Name}' has");

    /// <summary>The integers of an input that must be known when the model is converted.</summary>
    public int[] Integers(int input)
    {
        Rank(input);
        Dimension[]? elements = Input(input).Elements;
        return elements is not null && Array.TrueForAll(elements, element => element.IsKnown)
            ? [.. elements.Select(element => element.Value)]
            : throw Refuse($"its input '{Input(input).Name}' must be a constant");
    }

    public int Integer(int input) => Integers(input) is [int number] ? number : throw Contradict($"wants one number in '{Input(input).Name}'");

    /// <summary>An input of indices in 32 bits, as the builtins want them. Constants are clamped: an end of 2^63 - 1 means "to the end".</summary>
    public Value Index(int input)
    {
        Value value = Input(input);
        if (value.Type != TensorType.Int64)
            return value;
        if (!value.IsConstant)
            return Emit(BuiltinOperator.Cast, new Runtime.Format.Options.CastOptions { InDataType = TensorType.Int64, OutDataType = TensorType.Int32 }, value);
        int[] clamped = [.. ConstantData.Integers(value).Select(number => (int)Math.Clamp(number, int.MinValue, int.MaxValue))];
        return ConstantData.Reshaped(ConstantData.Of(value.Name, clamped), value.Shape.ToArray());
    }

    /// <summary>
    /// The input with its dimensions in another order, named after this node as Google's converter names weights: moved now where it is a constant, by a
    /// TRANSPOSE where it is computed, which folds away later if it is computed from constants.
    /// </summary>
    public Value Weights(int input, params int[] permutation) => Permuted(Input(input), permutation);

    public Value Permuted(Value value, params int[] permutation)
    {
        if (value.Shape is { HasRank: true } shape && shape.Rank != permutation.Length)
            throw Contradict($"wants {permutation.Length} dimensions in its weights, which have the shape {shape}");
        if (!value.IsConstant)
            return new Arrangement(this).Transpose(value, permutation);
        return value.Form($"transposed {string.Join(',', permutation)}", () =>
        {
            Value transposed = ConstantData.Transposed(value, permutation);
            transposed.Name = Node.Name;
            return transposed;
        });
    }

    /// <summary>The input, whose rank must be one of these.</summary>
    public Value OfRank(int input, int rank) =>
        Rank(input) == rank ? Input(input) : throw Refuse($"its input '{Input(input).Name}' has {Rank(input)} dimensions, not {rank}");

    /// <summary>The function that an attribute names.</summary>
    public TfFunction Function(string attribute) => Node.TryAttribute(attribute, out TfFunctionReference? reference) && scope.Find(reference.Name) is { } function
        ? function
        : throw Contradict($"names no function of the model in '{attribute}'");

    /// <summary>A function as a graph that a node of this one will run.</summary>
    public ImportedBody Import(TfFunction function, IReadOnlyList<BodyArgument> arguments) => function.Arguments.Count == arguments.Count
        ? GraphImporter.Import(function, arguments, scope)
        : throw Contradict($"gives {arguments.Count} arguments to '{function.Name}', which takes {function.Arguments.Count}");

    public long[] Longs(string attribute) => Node.Attribute<long[]>(attribute, []);

    public TensorType DataType(string attribute, TfDataType absent)
    {
        TfDataType type = Node.Attribute(attribute, absent);
        return TensorTypeMap.TryMap(type, out TensorType mapped) ? mapped : throw Refuse($"its element type {type} has no counterpart");
    }

    /// <summary>What this node returns is named after it.</summary>
    public void NameResults(Value[] results)
    {
        for (int i = 0; i < results.Length; i++)
        {
            if (results[i].Producer is not { } producer || !_emitted.Contains(producer))
                continue;
            producer.Name = Node.Name;
            results[i].Name = new TfEdge(Node, i).ToString();
        }
    }

    public Exception Refuse(string reason) => new RefusalException(reason);

    public GraphException Contradict(string fact) => new(Node.Name, $"{Node.Op} {fact}");

    /// <summary>True where the value depends on no input of the graph, so that constant folding will make it a constant.</summary>
    public static bool IsFixed(Value value)
    {
        var open = new Stack<Value>([value]);
        HashSet<Value> seen = [];
        while (open.TryPop(out Value? next))
        {
            if (next.IsConstant || next.WillBeConstant || !seen.Add(next))
                continue;
            if (next.Producer is not { Refusal: null } producer)
                return false;
            foreach (Value input in producer.Inputs.OfType<Value>())
                open.Push(input);
        }

        return true;
    }
}
