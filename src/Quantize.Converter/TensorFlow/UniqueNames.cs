using System.Globalization;

namespace Quantize.Converter.TensorFlow;

/// <summary>Copies made for one signature, and inlined bodies, may share names with other nodes: the first keeps it, the next get a number.</summary>
internal static class UniqueNames
{
    public static void Run(TfGraph graph, IEnumerable<TfNode> first)
    {
        var seen = new HashSet<TfNode>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (TfNode node in first.Concat(graph.Nodes))
        {
            if (seen.Add(node))
                node.Name = Free(node.Name, names);
        }
    }

    /// <summary>The name, or the name with the first number that makes it new.</summary>
    public static string Free(string name, HashSet<string> taken)
    {
        string free = name;
        for (int number = 1; !taken.Add(free); number++)
            free = name + "_" + number.ToString(CultureInfo.InvariantCulture);
        return free;
    }
}
