using Quantize.Runtime.Format;

namespace Quantize.Runtime.Planning;

/// <summary>
/// A tensor of one plan: its type, its shape in numbers, and where it lives: in the session's arena, in the model's bytes, or in values that the planner computed.
/// </summary>
internal sealed class TensorSlot
{
    public required string Name { get; init; }

    public required TensorType Type { get; init; }

    public required int[] Shape { get; init; }

    public QuantizationParameters? Quantization { get; init; }

    /// <summary>The file's tensor whose bytes these are; null where the tensor is no constant of the file.</summary>
    public Tensor? Constant { get; init; }

    /// <summary>Bytes known at plan time without being in the file.</summary>
    public byte[]? Known { get; set; }

    /// <summary>Byte position in the arena; -1 until placed, and for constants.</summary>
    public int Offset { get; set; } = -1;

    public int ElementCount
    {
        get
        {
            int count = 1;
            foreach (int dimension in Shape)
                count = checked(count * dimension);
            return count;
        }
    }

    public int ByteLength => checked((int)Type.ByteCount(ElementCount));

    public bool IsKnown => Constant is not null || Known is not null;
}
