using System.Runtime.InteropServices;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>Scratch memory of which each member of a team has its own copy.</summary>
internal sealed class MemberScratch
{
    private readonly TensorSlot _slot;
    private readonly int _length;
    private readonly int _distance;

    public MemberScratch(PrepareContext context, int bytes, int copies)
    {
        _length = bytes;
        _distance = copies == 1 ? bytes : checked(bytes + AlignedBuffer.Alignment - 1) / AlignedBuffer.Alignment * AlignedBuffer.Alignment;
        _slot = context.Scratch(checked(_distance * copies));
    }

    public Span<T> Of<T>(in RunContext context, int member)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(context.Write<byte>(_slot).Slice(member * _distance, _length));
}
