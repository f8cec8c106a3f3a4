namespace Quantize.Converter.Graphs;

/// <summary>One function: nodes in an order that runs, between inputs and outputs.</summary>
/// <param name="name">Its name in the file.</param>
/// <param name="caller">The graph that runs it: both name the same dimensions.</param>
internal sealed class Graph(string name, Graph? caller = null)
{
    private int _symbols;
    private int _numbers;

    public string Name { get; } = name;

    /// <summary>Whether another graph runs it.</summary>
    public bool IsCalled => caller is not null;

    public List<Node> Nodes { get; } = [];

    public List<Value> Inputs { get; } = [];

    /// <summary>One value for each output of the signature; the same one may stand here twice.</summary>
    public List<Value> Outputs { get; } = [];

    /// <summary>A number that no dimension of this graph, or of those that it runs, is named by yet.</summary>
    public int NextSymbol() => caller?.NextSymbol() ?? _symbols++;

    /// <summary>A number that no node of this graph, or of those that it runs, has yet.</summary>
    public int NextNumber() => caller?.NextNumber() ?? ++_numbers;

    /// <summary>Every constant that a node reads or that is an output, once, in the order of first use.</summary>
    public IEnumerable<Value> Constants() => Nodes.SelectMany(node => node.Inputs).OfType<Value>().Concat(Outputs).Where(value => value.IsConstant).Distinct();

    /// <summary>The state that its nodes keep, in the order of first use; what another node computes in each run is none.</summary>
    public IEnumerable<Value> Variables() => Nodes.SelectMany(node => node.Inputs).OfType<Value>().Where(value => value is { IsVariable: true, Producer: null }).Distinct();
}
