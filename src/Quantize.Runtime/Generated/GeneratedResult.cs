using System.ComponentModel;
using System.Globalization;

namespace Quantize.Runtime.Generated;

/// <summary>What the result types of generated classes share. Not meant to be called by hand.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class GeneratedResult
{
    private const int ShownElements = 10;

    /// <summary>The item's part of an array that has that many items.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such item.</exception>
    public static T[] Item<T>(T[] elements, int index, int count)
    {
        ArgumentNullException.ThrowIfNull(elements);
        CheckIndex(index, count);
        int length = elements.Length / count;
        return elements.AsSpan(index * length, length).ToArray();
    }

    /// <summary>The item's element of an array that has one for each.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such item.</exception>
    public static T Element<T>(T[] elements, int index, int count)
    {
        ArgumentNullException.ThrowIfNull(elements);
        CheckIndex(index, count);
        return elements[index];
    }

    /// <summary>Checks the position of an item.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such item.</exception>
    public static void CheckIndex(int index, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
    }

    /// <summary>A value as people read it.</summary>
    public static string Text<T>(T value)
        where T : unmanaged => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    /// <summary>The first elements, and how many there are where that is not all.</summary>
    public static string Text<T>(T[] elements)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(elements);
        string shown = string.Join(", ", elements.Take(ShownElements).Select(Text));
        return elements.Length <= ShownElements ? $"[{shown}]" : $"[{shown}, ... {elements.Length.ToString(CultureInfo.InvariantCulture)} in all]";
    }
}
