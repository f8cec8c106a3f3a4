using System.Buffers.Binary;
using System.Text;

namespace Quantize.Runtime.Tests.Models;

/// <summary>A FlexBuffer that is a map of numbers: the form in which custom operators keep their options.</summary>
internal static class FlexMap
{
    private const int Width = 4, WidthCode = 2;
    private const byte Integer = 1 << 2 | WidthCode, Number = 3 << 2 | WidthCode, Map = 9 << 2 | WidthCode;

    /// <summary>Keys in ordinal order; values are ints or floats.</summary>
    public static byte[] Write(params (string Key, object Value)[] entries)
    {
        var bytes = new List<byte>();
        var keys = new int[entries.Length];
        for (int i = 0; i < entries.Length; i++)
        {
            keys[i] = bytes.Count;
            bytes.AddRange([.. Encoding.UTF8.GetBytes(entries[i].Key), 0]);
        }

        while (bytes.Count % Width != 0)
            bytes.Add(0);
        Add(bytes, entries.Length);
        int keyVector = bytes.Count;
        foreach (int key in keys)
            Add(bytes, bytes.Count - key);
        Add(bytes, bytes.Count - keyVector);
        Add(bytes, Width);
        Add(bytes, entries.Length);
        int map = bytes.Count;
        foreach ((_, object value) in entries)
            Add(bytes, value is float number ? BitConverter.SingleToInt32Bits(number) : (int)value);
        bytes.AddRange(entries.Select(entry => entry.Value is float ? Number : Integer));
        while (bytes.Count % Width != 0)
            bytes.Add(0);
        Add(bytes, bytes.Count - map);
        return [.. bytes, Map, Width];
    }

    private static void Add(List<byte> bytes, int value)
    {
        Span<byte> word = stackalloc byte[Width];
        BinaryPrimitives.WriteInt32LittleEndian(word, value);
        bytes.AddRange(word);
    }
}
