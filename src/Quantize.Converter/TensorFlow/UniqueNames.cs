using System.Globalization;

namespace Quantize.Converter.TensorFlow;

/// <summary>Copies made for one signature, and inlined bodies, may share names with other nodes: the first keeps it, the next get a number.</summary>
internal sealed class UniqueNames
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _next = new(StringComparer.Ordinal);

    /// <summary>Renames where needed; the nodes that come <paramref name="first"/> keep their names.</summary>
    public static void Run(TfGraph graph, IEnumerable<TfNode> first)
    {
        var seen = new HashSet<TfNode>();
        var names = new UniqueNames();
        foreach (TfNode node in first.Concat(graph.Nodes))
        {
            if (seen.Add(node))
                node.Name = names.Take(node.Name);
        }
    }

    /// <summary>The name, or the name with the first number that makes it new.</summary>
    public string Take(string name)
    {
        string free = name;
        int number = _next.GetValueOrDefault(name, 1);
        while (!_taken.Add(free))
            free = name + "_" + (number++).ToString(CultureInfo.InvariantCulture);
        _next[name] = number;
        return free;
    }
}
