using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Quantize.Tasks;

/// <summary>Items take their text with MSBuild's escapes: a path with a % or ; must get them.</summary>
internal static class PathItem
{
    private const string Special = "%*?@$();'";

    public static ITaskItem Of(string path) => new TaskItem(Escape(path));

    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (Special.IndexOf(c) < 0)
                escaped.Append(c);
            else
                escaped.Append('%').Append(((int)c).ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return escaped.ToString();
    }
}
