using Quantize.Converter.Graphs;
using Quantize.Runtime;

namespace Quantize.Converter.Ops;

/// <summary>Operations that hand their input on when a model is only run.</summary>
internal static class Identity
{
    public static Value[] Import(ImportContext context) => [context.Input(0)];

    /// <summary>A number without an imaginary part is its own conjugate.</summary>
    public static Value[] OfReal(ImportContext context) => context.Input(0).Type is TensorType.Complex64 or TensorType.Complex128
        ? throw context.Refuse("complex numbers are not supported")
        : Import(context);

    public static Value[] All(ImportContext context) => [.. context.Inputs];
}
