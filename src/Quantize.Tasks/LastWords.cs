using Quantize.Build;

namespace Quantize.Tasks;

/// <summary>The first lines that the tool printed and that were none of ours: an unhandled exception tells its cause at the top.</summary>
internal sealed class LastWords
{
    private const int Most = 4;
    private readonly List<string> _lines = [];

    public void Add(string line)
    {
        if (_lines.Count < Most && line.Trim().Length != 0)
            _lines.Add(SafeText.Line(line.Trim()));
    }

    public override string ToString() => _lines.Count == 0 ? "(none)" : string.Join(" | ", _lines);
}
