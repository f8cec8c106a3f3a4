using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>The bytes of each element of a tensor, numbers or strings.</summary>
internal sealed class TableElements(PrepareContext prepare, TensorSlot slot)
{
    private readonly int _bytes = slot.Type == TensorType.String ? 0 : prepare.ElementBytes(slot);

    public int Count => slot.ElementCount;

    public ReadOnlySpan<byte> At(in RunContext context, int index) =>
        _bytes == 0 ? context.StringAt(slot, index) : context.Read<byte>(slot).Slice(index * _bytes, _bytes);
}
