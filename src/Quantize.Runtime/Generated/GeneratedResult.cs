using System.ComponentModel;
using System.Globalization;
using System.Numerics;

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

    /// <summary>The label of the greatest value; of equal ones the first.</summary>
    public static string Label<T>(T[] values, IReadOnlyList<string> labels)
        where T : unmanaged, INumber<T>
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(labels);
        int greatest = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] > values[greatest])
                greatest = i;
        }

        return labels[greatest];
    }

    /// <summary>The greatest values with their labels, the greatest first, of equal ones the first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static IReadOnlyList<(string Label, T Value)> TopLabels<T>(T[] values, IReadOnlyList<string> labels, int count)
        where T : unmanaged, INumber<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return [.. values.Select((value, i) => (labels[i], value)).OrderByDescending(labelled => labelled.value).Take(count)];
    }

    /// <summary>The label at that position; empty where there is none.</summary>
    public static string LabelsOf<T>(T value, IReadOnlyList<string> labels)
        where T : unmanaged, INumber<T>
    {
        ArgumentNullException.ThrowIfNull(labels);
        return value >= T.Zero && value <= T.CreateSaturating(labels.Count - 1) ? labels[int.CreateTruncating(value)] : "";
    }

    /// <summary>The labels at those positions; empty where there is none.</summary>
    public static string[] LabelsOf<T>(T[] values, IReadOnlyList<string> labels)
        where T : unmanaged, INumber<T> => [.. values.Select(value => LabelsOf(value, labels))];

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
