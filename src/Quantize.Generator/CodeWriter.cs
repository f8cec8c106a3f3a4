using System.Text;

namespace Quantize.Generator;

/// <summary>Lines of C#, indented by the braces around them; the lines end alike on every system.</summary>
internal sealed class CodeWriter
{
    private const int Indent = 4;

    private readonly StringBuilder _text = new();
    private int _depth;
    private bool _blankIsDue;

    /// <summary>One or more lines; a brace that stands alone opens or closes a level.</summary>
    public void Lines(string lines)
    {
        foreach (string line in lines.Split('\n'))
            Line(line.TrimEnd());
    }

    /// <summary>An empty line before what follows, unless a level ends or has just begun.</summary>
    public void Blank() => _blankIsDue = true;

    public override string ToString() => _text.ToString();

    private void Line(string line)
    {
        bool closes = line.TrimStart().StartsWith("}", System.StringComparison.Ordinal);
        if (closes)
            _depth--;
        if (_blankIsDue && !closes)
            _text.Append('\n');
        _blankIsDue = false;
        if (line.Length > 0)
            _text.Append(' ', Indent * _depth).Append(line);
        _text.Append('\n');
        if (line == "{")
            _depth++;
    }
}
