using System.Text;

namespace Quantize.Tool;

/// <summary>A table as text for files and pipes: columns as wide as their longest cell, two spaces between them, nothing at the end of a line.</summary>
internal static class PlainTable
{
    private const string Gap = "  ";

    public static string Format(string[] titles, bool[] right, IReadOnlyList<string[]> rows)
    {
        int[] widths = [.. titles.Select((title, column) => rows.Select(row => row[column].Length).Append(title.Length).Max())];
        var text = new StringBuilder();
        foreach (string[] row in rows.Prepend(titles))
        {
            IEnumerable<string> cells = row.Select((cell, column) => right[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            text.Append(string.Join(Gap, cells).TrimEnd()).Append('\n');
        }

        return text.ToString();
    }
}
