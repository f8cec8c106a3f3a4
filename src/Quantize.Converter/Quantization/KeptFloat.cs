using System.IO.Enumeration;

namespace Quantize.Converter.Quantization;

/// <summary>The operators that the user wants to stay float, by name or pattern; remembers which patterns found something.</summary>
internal sealed class KeptFloat(IReadOnlyList<string> patterns)
{
    private readonly HashSet<string> _used = [];

    /// <summary>Patterns that no operator with weights answers to: a typing mistake, most likely.</summary>
    public IEnumerable<string> Unused => patterns.Where(pattern => !_used.Contains(pattern));

    /// <summary>A fused operator is named by all the nodes it computes, and answers to each.</summary>
    public bool Matches(string name)
    {
        bool matches = false;
        foreach (string pattern in patterns)
        {
            if (!name.Split(';').Any(node => FileSystemName.MatchesSimpleExpression(pattern, node, ignoreCase: false)))
                continue;
            _used.Add(pattern);
            matches = true;
        }

        return matches;
    }
}
