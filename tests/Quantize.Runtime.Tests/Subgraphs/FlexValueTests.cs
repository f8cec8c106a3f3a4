namespace Quantize.Runtime.Tests.Subgraphs;

public sealed class FlexValueTests
{
    /// <summary>{ "a": 7, "b": 2.5 (apart from the map, four bytes), "s": "hi" }.</summary>
    private static readonly byte[] s_map =
    [
        (byte)'a', 0, (byte)'b', 0, (byte)'s', 0, // the keys
        2, (byte)'h', (byte)'i', 0, // the text behind its length
        0, 0, 0, 0, 0x20, 0x40, // 2.5f on a multiple of four
        3, 17, 16, 15, // three keys, so many bytes back
        3, 1, 3, 7, 12, 18, 4, 34, 20, // way to the keys, their width, count, values, types
        6, 36, 1, // the root: way to the map, type, width
    ];

    [Fact]
    public void The_values_of_a_map_are_found_by_key()
    {
        FlexValue map = FlexValue.Read(s_map);
        Assert.Equal(FlexKind.Map, map.Kind);
        Assert.Equal(3, map.Count);
        Assert.Equal(7, map["a"].AsInt32());
        Assert.Equal(2.5f, map["b"].AsSingle());
        Assert.Equal("hi", map["s"].AsString());
        Assert.False(map.TryGet("c", out _));
        Assert.Contains("has no 'c'", Assert.Throws<ModelFormatException>(() => map["c"]).Message);
        Assert.Contains("Text where a number is wanted", Assert.Throws<ModelFormatException>(() => map["s"].AsInt64()).Message);
    }

    [Fact]
    public void The_elements_of_a_typed_vector_are_found_by_position()
    {
        FlexValue vector = FlexValue.Read(new byte[] { 2, 1, 200, 2, 12 << 2, 1 });
        Assert.Equal(FlexKind.Vector, vector.Kind);
        Assert.Equal([1, 200], Enumerable.Range(0, vector.Count).Select(i => vector[i].AsInt64()));
        Assert.Throws<ModelFormatException>(() => vector[2]);
    }

    [Fact]
    public void Damaged_bytes_give_a_value_or_a_fact_but_never_leave_the_buffer()
    {
        for (int at = 0; at < s_map.Length; at++)
        {
            for (int value = 0; value < 256; value++)
            {
                byte[] damaged = (byte[])s_map.Clone();
                damaged[at] = (byte)value;
                ReadAll(damaged);
            }

            ReadAll(s_map[..at]);
        }
    }

    private static void ReadAll(byte[] bytes)
    {
        try
        {
            FlexValue root = FlexValue.Read(bytes);
            root.TryGet("s", out _);
            for (int i = 0; i < Math.Min(root.Count, 300); i++)
                Assert.NotNull(root[i].Kind == FlexKind.Text ? root[i].AsString() : $"{root[i].AsDouble()}");
        }
        catch (ModelFormatException exception)
        {
            Assert.Contains("FlexBuffer", exception.Message);
        }
    }
}
