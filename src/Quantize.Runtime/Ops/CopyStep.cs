using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>The same bytes under another shape or type.</summary>
internal sealed class CopyStep(TensorSlot input, TensorSlot output) : Step
{
    public override string Kernel => "copy";

    public override void Run(in RunContext context) => context.Read<byte>(input)[..output.ByteLength].CopyTo(context.Write<byte>(output));
}
