using System.Buffers.Binary;

namespace Quantize.Runtime.Format;

/// <summary>Reads a tensor's sparsity table.</summary>
internal static class SparsityReader
{
    public static Sparsity Read(TableReader table)
    {
        TableReader.VectorReader tables = table.Vector(2, 4);
        var levels = new SparsityLevel[tables.Count];
        for (int i = 0; i < levels.Length; i++)
        {
            TableReader level = tables.Table(i);
            levels[i] = new SparsityLevel(level.Int8(0) != 0, level.Int32(1), Numbers(level, 2), Numbers(level, 4));
        }

        return new Sparsity(table.Int32Vector(0), table.Int32Vector(1), levels);
    }

    /// <summary>A union of vectors of 32-bit, 16-bit and 8-bit integers: its tag stands in the slot before it.</summary>
    private static int[] Numbers(TableReader level, int tagSlot)
    {
        int tag = level.UInt8(tagSlot);
        if (tag == 0 || !level.TryTable(tagSlot + 1, out TableReader numbers))
            return [];
        if (tag == 1)
            return numbers.Int32Vector(0);
        int size = tag == 2 ? 2 : 1;
        TableReader.VectorReader vector = numbers.Vector(0, size);
        var values = new int[vector.Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = size == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(vector.Bytes[(2 * i)..]) : vector.Bytes[i];
        return values;
    }
}
