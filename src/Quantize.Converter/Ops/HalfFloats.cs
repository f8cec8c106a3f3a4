using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>
/// float16 and bfloat16 are for storage: what computes with them computes in float32, as Google's converter has it. Only a cast to one rounds, and inputs and outputs of
/// the model keep their types.
/// </summary>
internal static class HalfFloats
{
    /// <summary>Operations that take halves as they are.</summary>
    private static readonly HashSet<string> s_indifferent =
    [
        "Bitcast", "Cast", "CheckNumerics", "CheckNumericsV2", "EnsureShape", "Identity", "IdentityN", "PlaceholderWithDefault", "PreventGradient", "Rank", "Shape", "ShapeN",
        "Size", "Snapshot", "StopGradient",
    ];

    public static bool IsHalf(TensorType type) => type is TensorType.Float16 or TensorType.BFloat16;

    /// <summary>The node with operands in float32.</summary>
    public static ImportContext Widened(ImportContext context) =>
        s_indifferent.Contains(context.Node.Op) || !context.Inputs.Any(input => IsHalf(input.Type))
            ? context
            : context.With(context.Node, [.. context.Inputs.Select(input => Widened(context, input))]);

    /// <summary>The value as the type that the model declares for it: a half that was computed is a float32 until then.</summary>
    public static Value As(ImportContext context, Value value, TensorType declared) =>
        IsHalf(declared) && value.Type == TensorType.Float32 ? Cast(context, value, declared) : value;

    private static Value Widened(ImportContext context, Value value)
    {
        if (!IsHalf(value.Type))
            return value;
        return value.IsConstant ? value.Form("float32", () => ConstantData.Widened(value)) : Cast(context, value, TensorType.Float32);
    }

    private static Value Cast(ImportContext context, Value value, TensorType type) =>
        context.Emit(BuiltinOperator.Cast, new CastOptions { InDataType = value.Type, OutDataType = type }, value);
}
