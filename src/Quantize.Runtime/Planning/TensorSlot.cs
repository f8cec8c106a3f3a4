using Quantize.Runtime.Format;

namespace Quantize.Runtime.Planning;

/// <summary>
/// A tensor of one plan: its type, its shape in numbers, and where it lives: in the session's arena, in the model's bytes, or in values that the planner computed.
/// </summary>
internal sealed class TensorSlot
{
    private readonly TensorType _type;

    public TensorSlot(string name, TensorType type, int[] shape)
    {
        Name = name;
        _type = type;
        Shape = shape;
        long elements = 1;
        foreach (int dimension in shape)
        {
            elements *= dimension;
            if (elements > int.MaxValue)
                throw new ModelFormatException($"tensor '{name}' would have the shape [{string.Join(',', shape)}], more elements than memory can hold");
        }

        ElementCount = (int)elements;
        long bytes = type.ByteCount(elements);
        ByteLength = bytes <= int.MaxValue ? (int)bytes : throw new ModelFormatException($"tensor '{name}' of shape [{string.Join(',', shape)}] would take {bytes} bytes");
    }

    public string Name { get; }

    public TensorType Type => _type;

    public int[] Shape { get; }

    public int ElementCount { get; }

    public int ByteLength { get; }

    /// <summary>Index of the tensor in its subgraph; -1 for scratch memory.</summary>
    public int Index { get; init; } = -1;

    public QuantizationParameters? Quantization { get; init; }

    /// <summary>The file's tensor whose bytes these are; null where the tensor is no constant of the file.</summary>
    public Tensor? Constant { get; init; }

    /// <summary>Bytes that the planner computed.</summary>
    public byte[]? Known { get; set; }

    /// <summary>Byte position in the arena; -1 until placed, and for what is known.</summary>
    public int Offset { get; set; } = -1;

    /// <summary>No element can be negative, whatever the input: what the Fast form asks. Follows from the operators alone.</summary>
    public bool IsNonNegative { get; set; }

    public bool IsKnown => Constant is not null || Known is not null;

    public override string ToString() => $"{Name} {Type}[{string.Join(',', Shape)}]";
}
