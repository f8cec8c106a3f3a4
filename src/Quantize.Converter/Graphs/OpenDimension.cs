using System.Text;

namespace Quantize.Converter.Graphs;

/// <summary>
/// Names of dimensions that only a run knows: <c>batch</c> for the first one, the same for every tensor of a signature; the tensor's key and the dimension's
/// number for the others (<c>image_1</c>).
/// </summary>
internal static class OpenDimension
{
    public const string Batch = "batch";

    public static string Name(string key, int axis) => axis == 0 ? Batch : OfRun(key, axis);

    /// <summary>A dimension that the run decides and no input tells.</summary>
    public static string OfRun(string key, int axis) => $"{Word(key)}_{axis}";

    /// <summary>Letters, digits and underscores only: the symbol becomes a parameter's name.</summary>
    private static string Word(string key)
    {
        var word = new StringBuilder(key.Length);
        foreach (char c in key)
            word.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
        return word.ToString();
    }
}
