using System.ComponentModel;
using System.Globalization;

namespace Quantize.Runtime.Generated;

/// <summary>Checks the dimensions of a tensor that a generated class was given. Not meant to be called by hand.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class TensorShape
{
    /// <summary>Checks a tensor of one item (a first dimension of 1 may stand before), or of many (their number stands before).</summary>
    /// <param name="input">Key of the input.</param>
    /// <param name="lengths">Dimensions of the tensor.</param>
    /// <param name="itemShape">Dimensions of one item; -1 where any length is right.</param>
    /// <param name="many">Whether the number of items stands before.</param>
    /// <exception cref="ArgumentException">The dimensions are not the model's.</exception>
    public static void Check(string input, ReadOnlySpan<nint> lengths, ReadOnlySpan<int> itemShape, bool many)
    {
        int before = lengths.Length - itemShape.Length;
        bool fits = many ? before == 1 : before == 0 || (before == 1 && lengths[0] == 1);
        for (int i = 0; fits && i < itemShape.Length; i++)
            fits = itemShape[i] < 0 || itemShape[i] == lengths[before + i];
        if (!fits)
            throw new ArgumentException($"input '{input}' takes a tensor of ({Expected(itemShape, many)}), but one of ({Text(lengths)}) was given");
    }

    private static string Expected(ReadOnlySpan<int> itemShape, bool many)
    {
        IEnumerable<string> dimensions = itemShape.ToArray().Select(dimension => dimension < 0 ? "any" : dimension.ToString(CultureInfo.InvariantCulture));
        return string.Join(" x ", many ? dimensions.Prepend("items") : dimensions);
    }

    private static string Text(ReadOnlySpan<nint> lengths) =>
        string.Join(" x ", lengths.ToArray().Select(length => length.ToString(CultureInfo.InvariantCulture)));
}
