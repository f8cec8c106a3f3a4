using System.Globalization;

namespace Quantize.Tool.Tensors;

/// <summary>
/// The header of a .npy file, a Python dictionary with three known keys: <c>{'descr': '&lt;f4', 'fortran_order': False, 'shape': (2, 3), }</c>. No other Python is
/// understood.
/// </summary>
internal ref struct NpyHeader
{
    private readonly string _text;
    private int _at;

    private NpyHeader(string text) => _text = text;

    public string Letters { get; private set; } = "";

    public bool FortranOrder { get; private set; }

    public int[] Shape { get; private set; } = [];

    public static NpyHeader Parse(string text)
    {
        var header = new NpyHeader(text);
        header.Expect('{');
        while (!header.Take('}'))
        {
            header.Entry();
            if (!header.Take(','))
            {
                header.Expect('}');
                break;
            }
        }

        if (header.Letters.Length == 0)
            throw new TensorFileException("the header of the array tells no element type");
        return header;
    }

    public static string Format(string descr, ReadOnlySpan<int> shape)
    {
        string[] lengths = [.. shape.ToArray().Select(length => length.ToString(CultureInfo.InvariantCulture))];
        string tuple = lengths.Length == 1 ? $"({lengths[0]},)" : $"({string.Join(", ", lengths)})";
        return $"{{'descr': '{descr}', 'fortran_order': False, 'shape': {tuple}, }}";
    }

    private void Entry()
    {
        string key = Quoted();
        Expect(':');
        if (key == "descr")
            Letters = Descr(Quoted());
        else if (key == "fortran_order")
            FortranOrder = Word() == "True";
        else if (key == "shape")
            Shape = Tuple();
        else
            throw new TensorFileException($"the header of the array has the unknown key '{key}'");
    }

    private static string Descr(string descr) => descr.Length switch
    {
        > 1 when descr[0] is '<' or '|' or '=' => descr[1..],
        > 1 when descr[0] == '>' => throw new TensorFileException($"the array's elements ('{descr}') are big-endian; save it with array.astype('<{descr[1..]}')"),
        _ => throw new TensorFileException($"the array's element type is '{descr}'"),
    };

    private int[] Tuple()
    {
        List<int> lengths = [];
        Expect('(');
        while (!Take(')'))
        {
            string digits = Word();
            if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int length))
                throw new TensorFileException($"'{digits}' is no dimension of an array");
            lengths.Add(length);
            if (!Take(','))
            {
                Expect(')');
                break;
            }
        }

        return [.. lengths];
    }

    private string Quoted()
    {
        char quote = Take('"') ? '"' : '\'';
        if (quote == '\'')
            Expect('\'');
        int end = _text.IndexOf(quote, _at);
        if (end < 0)
            throw new TensorFileException("the header of the array ends within a name");
        string quoted = _text[_at..end];
        _at = end + 1;
        return quoted;
    }

    private string Word()
    {
        SkipSpace();
        int start = _at;
        while (_at < _text.Length && char.IsAsciiLetterOrDigit(_text[_at]))
            _at++;
        return _text[start.._at];
    }

    private bool Take(char c)
    {
        SkipSpace();
        bool found = _at < _text.Length && _text[_at] == c;
        _at += found ? 1 : 0;
        return found;
    }

    private void Expect(char c)
    {
        if (!Take(c))
            throw new TensorFileException($"the header of the array has no '{c}' where one must be: {_text.Trim()}");
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && _text[_at] is ' ' or '\n' or '\t')
            _at++;
    }
}
