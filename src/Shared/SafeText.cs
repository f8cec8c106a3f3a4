using System.Globalization;
using System.Text;

namespace Quantize.Build;

/// <summary>
/// Text from a model in a place where it must remain text: a line of a build log, a comment, a string of C#. A character that does not show, moves the
/// others, or ends a line becomes \uXXXX.
/// </summary>
internal static class SafeText
{
    private const int LongestLine = 4000;

    /// <summary>One line of a log or a comment; build servers' commands (<c>##vso[</c>) lose their meaning, and what is very long is cut.</summary>
    public static string Line(string text)
    {
        bool cut = text.Length > LongestLine;
        var line = new StringBuilder(text.Length);
        foreach (char c in cut ? text.Substring(0, LongestLine) : text)
        {
            if (c == '#' && line.Length > 0 && line[line.Length - 1] == '#')
                line.Append(' ');
            Append(line, c);
        }

        return cut ? line.Append("...").ToString() : line.ToString();
    }

    /// <summary>Text for an XML documentation comment.</summary>
    public static string Xml(string text) => Line(text).Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;");

    /// <summary>A string literal of C#, with its quotes.</summary>
    public static string Literal(string text)
    {
        var literal = new StringBuilder(text.Length + 2).Append('"');
        foreach (char c in text)
        {
            if (c is '"' or '\\')
                literal.Append('\\');
            if (c == '#' && literal[literal.Length - 1] == '#')
                Escape(literal, c);
            else
                Append(literal, c);
        }

        return literal.Append('"').ToString();
    }

    private static void Append(StringBuilder line, char c)
    {
        if (IsPlain(c))
            line.Append(c);
        else
            Escape(line, c);
    }

    private static void Escape(StringBuilder line, char c) => line.Append("\\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture));

    private static bool IsPlain(char c) => c == ' ' || char.GetUnicodeCategory(c) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.SpaceSeparator or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
