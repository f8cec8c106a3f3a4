namespace Quantize.Runtime.Planning;

/// <summary>A resource variable: the tensor that was assigned last.</summary>
internal sealed class Variable
{
    private readonly RunBuffer _value = new();

    public bool IsAssigned { get; private set; }

    public TensorType Type { get; private set; }

    public ReadOnlySpan<int> Shape => _value.Shape;

    public ReadOnlySpan<byte> Bytes => _value.Bytes;

    public void Assign(TensorType type, ReadOnlySpan<int> shape, ReadOnlySpan<byte> bytes)
    {
        Type = type;
        _value.Set(bytes, shape);
        IsAssigned = true;
    }

    public void Forget() => IsAssigned = false;
}
