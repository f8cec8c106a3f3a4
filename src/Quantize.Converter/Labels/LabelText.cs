using System.Globalization;
using System.Text;

namespace Quantize.Converter.Labels;

/// <summary>A text of labels, one a line, as it is found beside models or in them.</summary>
internal static class LabelText
{
    /// <summary>More than any file of labels has.</summary>
    public const int MostBytes = 1 << 24;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The lines without blanks around them, and without the empty ones at the end. Numbers that count the lines (<c>0  background</c>, <c>1: tench</c>) are left out.</summary>
    /// <exception cref="InvalidDataException">The bytes are no text, or have no label.</exception>
    public static string[] Parse(ReadOnlySpan<byte> bytes)
    {
        string[] lines = [.. Decode(bytes).TrimStart('\uFEFF').TrimEnd().Split('\n').Select(line => line.Trim())];
        if (lines is [""])
            throw new InvalidDataException("it has no label");
        string[] counted = [.. lines.Select(WithoutNumber).OfType<string>()];
        return counted.Length == lines.Length ? counted : lines;
    }

    private static string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            string text = s_strict.GetString(bytes);
            return text.Contains('\0') ? throw new InvalidDataException("it is no text") : text;
        }
        catch (DecoderFallbackException exception)
        {
            throw new InvalidDataException("it is no text in UTF-8", exception);
        }
    }

    /// <summary>Null where the line does not begin with its own number and something behind it.</summary>
    private static string? WithoutNumber(string line, int number)
    {
        string digits = number.ToString(CultureInfo.InvariantCulture);
        if (!line.StartsWith(digits, StringComparison.Ordinal) || line.Length == digits.Length || line[digits.Length] is not (' ' or '\t' or ':' or ','))
            return null;
        string label = line[digits.Length..].TrimStart(' ', '\t', ':', ',');
        return label.Length == 0 ? null : label;
    }
}
