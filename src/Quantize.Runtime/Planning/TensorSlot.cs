using Quantize.Runtime.Format;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Planning;

/// <summary>
/// A tensor of one plan: its type, its shape in numbers, and where it lives: in the arena, in the model's bytes, in values that the planner computed, in a buffer
/// that the run sizes, or in the session's state.
/// </summary>
internal sealed class TensorSlot
{
    private readonly TensorType _type;
    private bool _isNonNegative;

    /// <summary>A dimension of -1 is known only to the run.</summary>
    public TensorSlot(string name, TensorType type, int[] shape)
    {
        Name = name;
        _type = type;
        Shape = shape;
        IsRunSized = Array.Exists(shape, dimension => dimension < 0);
        long elements = IsRunSized ? 0 : 1;
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

    public string Name { get; private set; }

    public TensorType Type => _type;

    public int[] Shape { get; }

    public int ElementCount { get; }

    /// <summary>0 for strings that a run computes: their bytes do not follow from the shape.</summary>
    public int ByteLength { get; init; }

    /// <summary>Index of the tensor in its subgraph; -1 for scratch memory.</summary>
    public int Index { get; init; } = -1;

    public QuantizationParameters? Quantization { get; init; }

    /// <summary>The file's tensor whose bytes these are; null where the tensor is no constant of the file.</summary>
    public Tensor? Constant { get; init; }

    /// <summary>Bytes that the planner computed.</summary>
    public byte[]? Known { get; set; }

    /// <summary>What shape rules know of the elements of a short integer tensor: numbers, and symbols for those that only a run knows.</summary>
    public Dimension[]? Elements { get; set; }

    /// <summary>Byte position in the arena; -1 until placed, and for what does not lie there.</summary>
    public int Offset { get; set; } = -1;

    /// <summary>Position among the frame's buffers of what does not lie in the arena of the step that uses it; -1 for the rest.</summary>
    public int Buffer { get; init; } = -1;

    /// <summary>Byte position in that buffer.</summary>
    public int BufferOffset { get; init; }

    /// <summary>Position among the session's variable tensors, which keep their bytes from run to run; -1 for the rest.</summary>
    public int Variable { get; init; } = -1;

    /// <summary>What a variable tensor holds at first; zeros where null.</summary>
    public byte[]? Initial { get; init; }

    /// <summary>Dimensions are known only to the run.</summary>
    public bool IsRunSized { get; }

    /// <summary>The step that computes it asks for its memory.</summary>
    public bool IsSizedByStep => IsRunSized || _type == TensorType.String;

    /// <summary>Steps of more than one subgraph write it (a loop's state, the result of two branches), so what one of them knows of it does not hold.</summary>
    public bool HasSeveralWriters { get; private set; }

    /// <summary>No element can be negative, whatever the input: what the Fast form asks. Follows from the operators alone.</summary>
    public bool IsNonNegative
    {
        get => _isNonNegative && !HasSeveralWriters;
        set => _isNonNegative = value;
    }

    public bool IsKnown => Constant is not null || Known is not null;

    /// <summary>The planner has to find a place for it in the arena.</summary>
    public bool IsPlaced => !IsKnown && Buffer < 0 && Variable < 0;

    /// <summary>The same tensor after a cut: with the dimensions that the run found, where they were open, and seen from outside its arena.</summary>
    public TensorSlot After(int arenaBuffer, int[] shape) => new(Name, _type, shape)
    {
        Index = Index,
        Quantization = Quantization,
        IsNonNegative = IsNonNegative,
        Buffer = Offset >= 0 ? arenaBuffer : Buffer,
        BufferOffset = Offset >= 0 ? Offset : BufferOffset,
        Variable = Variable,
        Initial = Initial,
    };

    /// <summary>The same variable tensor with a value to begin with.</summary>
    public TensorSlot StartingAs(byte[] initial) => new(Name, _type, Shape) { Index = Index, Quantization = Quantization, Variable = Variable, Initial = initial };

    /// <summary>The same tensor with bytes that stay what they are.</summary>
    public TensorSlot WithBytes(byte[] bytes, int[] shape) => new(Name, _type, shape) { Index = Index, Quantization = Quantization, IsNonNegative = IsNonNegative, Known = bytes };

    /// <summary>Tells that steps of more than one subgraph write it.</summary>
    public TensorSlot SharedByWriters()
    {
        HasSeveralWriters = true;
        return this;
    }

    /// <summary>Known to its reader under another name: a subgraph's output as that of the operator that calls it.</summary>
    public void Rename(string name) => Name = name;

    public override string ToString() => $"{Name} {Type}[{string.Join(',', Shape)}]";
}
