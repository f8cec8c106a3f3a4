using Quantize.Runtime;

namespace Quantize.Tool.Tensors;

/// <summary>One array of a file: row-major, little-endian elements.</summary>
internal sealed record NamedTensor(string Name, TensorType Type, int[] Shape, ReadOnlyMemory<byte> Data)
{
    public override string ToString() => $"'{Name}' {Type} [{string.Join(',', Shape)}]";
}
