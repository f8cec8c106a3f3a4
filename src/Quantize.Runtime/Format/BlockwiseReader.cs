using System.Runtime.InteropServices;

namespace Quantize.Runtime.Format;

/// <summary>Reads the scales of blocks: the quantization details name another tensor of the subgraph, of half floats or floats.</summary>
internal static class BlockwiseReader
{
    private const int BlockwiseDetails = 2;

    public static BlockwiseScales? Read(TableReader tensorTable, Tensor tensor, Tensor[] tensors, ReadOnlySpan<byte> file)
    {
        if (!tensorTable.TryTable(4, out TableReader quantization) || quantization.UInt8(4) != BlockwiseDetails || !quantization.TryTable(5, out TableReader details))
            return null;
        int scales = details.Int32(0), blockSize = details.Int32(2);
        if ((uint)scales >= (uint)tensors.Length || tensors[scales].Data is not { } data)
            throw Fail(tensor, $"names tensor {scales}, which is no constant, as the scales of its blocks");
        float[] values = Floats(tensors[scales], file[data], tensor);
        int length = tensor.Shape.Length == 0 ? 1 : tensor.Shape[^1];
        long elements = tensor.Shape.Aggregate(1L, (all, dimension) => all * dimension);
        if (blockSize <= 0 || length % blockSize != 0 || values.Length != elements / blockSize)
            throw Fail(tensor, $"has {values.Length} scales for blocks of {blockSize}, but its shape is [{string.Join(',', tensor.Shape)}]");
        return new BlockwiseScales(values, blockSize);
    }

    private static float[] Floats(Tensor scales, ReadOnlySpan<byte> bytes, Tensor tensor) => scales.Type switch
    {
        TensorType.Float16 => [.. MemoryMarshal.Cast<byte, Half>(bytes).ToArray().Select(value => (float)value)],
        TensorType.Float32 => MemoryMarshal.Cast<byte, float>(bytes).ToArray(),
        _ => throw Fail(tensor, $"has scales of type {scales.Type}"),
    };

    private static ModelFormatException Fail(Tensor tensor, string fact) => new($"tensor {tensor.Index} '{tensor.Name}' {fact}");
}
