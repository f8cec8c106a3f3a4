using Quantize.Runtime.Format;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>The codes that a tensor's type, and a fused activation, allow.</summary>
internal readonly record struct CodeRange(int Minimum, int Maximum)
{
    public static CodeRange Of(TensorType type, PrepareContext context) => type switch
    {
        TensorType.Int8 => new(sbyte.MinValue, sbyte.MaxValue),
        TensorType.UInt8 => new(byte.MinValue, byte.MaxValue),
        TensorType.Int16 => new(short.MinValue, short.MaxValue),
        _ => throw context.Fail($"computes codes of type {type}, for which there is no kernel"),
    };

    /// <summary>The interval of the activation in the output's codes.</summary>
    public static CodeRange Of(ActivationFunction activation, TensorSlot output, PrepareContext context)
    {
        CodeRange type = Of(output.Type, context);
        ActivationRange real = ActivationRange.Of(activation, context);
        TensorScale scale = TensorScale.Of(output, context);
        return new(
            float.IsInfinity(real.Minimum) ? type.Minimum : Math.Max(type.Minimum, scale.Code(real.Minimum)),
            float.IsInfinity(real.Maximum) ? type.Maximum : Math.Min(type.Maximum, scale.Code(real.Maximum)));
    }
}
