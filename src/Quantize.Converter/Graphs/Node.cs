using Quantize.Runtime.Format;

namespace Quantize.Converter.Graphs;

/// <summary>One call of a TFLite builtin. Inputs may be null where the builtin lets one be absent.</summary>
internal sealed class Node
{
    private readonly List<Value?> _inputs = [];

    public Node(string name, BuiltinOperator code, OperatorOptions options, IEnumerable<Value?> inputs, IEnumerable<Value> outputs)
    {
        Name = name;
        Code = code;
        Options = options;
        foreach (Value? input in inputs)
            AddInput(input);
        Outputs = [.. outputs];
        foreach (Value output in Outputs)
            output.Producer = this;
    }

    /// <summary>The source's node, or nodes, that this one computes.</summary>
    public string Name { get; set; }

    public BuiltinOperator Code { get; }

    public OperatorOptions Options { get; set; }

    /// <summary>Set on a placeholder for an operation that nothing imports: the emitter never sees one.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>The graphs that the node runs; an index among its options is a place in this list.</summary>
    public IReadOnlyList<Graph> Callees { get; init; } = [];

    /// <summary>What a recurrent operator of integers names besides its operands: the scales of results that stay within.</summary>
    public IReadOnlyList<Value?> Intermediates { get; init; } = [];

    /// <summary>Tells the dimensions that only this node's run knows from those of other nodes.</summary>
    public int Number { get; init; }

    public IReadOnlyList<Value?> Inputs => _inputs;

    public IReadOnlyList<Value> Outputs { get; }

    public Value Output => Outputs[0];

    /// <summary>The given input; null where it is absent or not even listed.</summary>
    public Value? Input(int index) => index < _inputs.Count ? _inputs[index] : null;

    public T OptionsAs<T>()
        where T : OperatorOptions => (T)Options;

    public void SetInput(int index, Value? value)
    {
        _inputs[index]?.RemoveConsumer(this);
        _inputs[index] = value;
        value?.AddConsumer(this);
    }

    public void AddInput(Value? value)
    {
        _inputs.Add(value);
        value?.AddConsumer(this);
    }

    public void RemoveInput(int index)
    {
        _inputs[index]?.RemoveConsumer(this);
        _inputs.RemoveAt(index);
    }

    public void ClearInputs()
    {
        foreach (Value? input in _inputs)
            input?.RemoveConsumer(this);
        _inputs.Clear();
    }

    public override string ToString() => $"{Name} ({Code})";
}

/// <summary>An operation of the source that has no counterpart here: its name there, and what would help.</summary>
internal sealed record Refusal(string Operation, string Reason);
