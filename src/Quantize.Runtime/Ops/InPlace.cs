using Quantize.Runtime.Format;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>Over which operands an operator may write its output, because each of their elements is read before another takes its place.</summary>
internal static class InPlace
{
    public static IReadOnlyList<TensorSlot> Never(PrepareContext context) => [];

    /// <summary>An element follows from those at the same place of the operands; what is broadcast is read again.</summary>
    public static IReadOnlyList<TensorSlot> Elementwise(PrepareContext context)
    {
        TensorSlot output = context.Output(0);
        return [.. context.Inputs.OfType<TensorSlot>().Where(input => input.Type.Bits() == output.Type.Bits() && input.Shape.AsSpan().SequenceEqual(output.Shape))];
    }

    /// <summary>Floats of which a row is read whole before it is written.</summary>
    public static IReadOnlyList<TensorSlot> FloatRows(PrepareContext context) => context.Input(0).Type == TensorType.Float32 ? Elementwise(context) : [];
}
