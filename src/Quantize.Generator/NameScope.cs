using System;
using System.Collections.Generic;
using System.Linq;

namespace Quantize.Generator;

/// <summary>Names that must differ from each other; the second of a name is <c>name2</c>, the third <c>name3</c>.</summary>
internal sealed class NameScope
{
    private readonly HashSet<string> _taken;

    public NameScope(params string[] reserved) => _taken = new HashSet<string>(reserved, StringComparer.Ordinal);

    public string Take(string name) => Take(name, stem => [stem]);

    /// <summary>A stem whose derived names are all free; they are all taken.</summary>
    public string Take(string name, Func<string, IReadOnlyCollection<string>> derived)
    {
        string stem = name;
        for (int number = 2; derived(stem).Any(_taken.Contains); number++)
            stem = name + number;
        _taken.UnionWith(derived(stem));
        return stem;
    }
}
