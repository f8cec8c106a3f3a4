using System.Globalization;
using Quantize.Converter.Graphs;

namespace Quantize.Converter.Emission;

/// <summary>The tensors of one graph by number: inputs, constants, state, then what the nodes compute, and what they name besides, each with a name of its own.</summary>
internal sealed class TensorList
{
    private readonly Dictionary<Value, int> _indices = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public TensorList(Graph graph)
    {
        Value[] all = [.. graph.Inputs, .. graph.Constants(), .. graph.Variables(), .. graph.Nodes.SelectMany(node => node.Outputs), .. graph.Nodes.SelectMany(node => node.Intermediates).OfType<Value>().Distinct()];
        HashSet<Value> callable = [.. graph.Inputs, .. graph.Outputs];
        foreach (Value value in callable)
            _names.Add(value.Name);
        Tensors = [.. all.Select((value, index) => (value, callable.Contains(value) ? value.Name : UniqueName(value.Name)))];
        for (int i = 0; i < all.Length; i++)
            _indices.Add(all[i], i);
    }

    public IReadOnlyList<(Value Value, string Name)> Tensors { get; }

    /// <summary>The tensor's number; -1 for an input that is not given.</summary>
    public int IndexOf(Value? value) => value is null ? -1 : _indices[value];

    /// <summary>A name that is taken gets a number behind it.</summary>
    private string UniqueName(string name)
    {
        string unique = name;
        for (int number = 1; !_names.Add(unique); number++)
            unique = name + number.ToString(CultureInfo.InvariantCulture);
        return unique;
    }
}
