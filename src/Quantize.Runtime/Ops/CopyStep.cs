using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>The same bytes under another shape or type.</summary>
internal sealed class CopyStep(TensorSlot input, TensorSlot output) : Step
{
    public override string Kernel => "copy";

    /// <summary>A step that gives one tensor of a plan the elements of another, of whatever type.</summary>
    public static PlannedStep Plan(TensorSlot input, TensorSlot output) => new(Of(input, output), "Copy", [input], [output], []);

    public static Step Of(TensorSlot input, TensorSlot output) => output.Type == TensorType.String ? new StringCopyStep(input, output) : new CopyStep(input, output);

    public override void Run(in RunContext context) => context.Read<byte>(input)[..output.ByteLength].CopyTo(context.Write<byte>(output));

    private sealed class StringCopyStep(TensorSlot input, TensorSlot output) : Step
    {
        public override string Kernel => "copy strings";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<byte> strings = context.Read<byte>(input);
            strings.CopyTo(context.AllocateBytes(output, strings.Length, output.Shape));
        }
    }
}
