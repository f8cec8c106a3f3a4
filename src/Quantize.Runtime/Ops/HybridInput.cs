using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Ops;

/// <summary>How the activations of one hybrid operator become integers: decided when it is prepared, the same on every machine.</summary>
internal sealed class HybridInput
{
    private readonly Rule _rule;
    private readonly ActivationQuantizer _quantizer;

    private HybridInput(Rule rule, HybridGemm gemm, ActivationQuantizer quantizer)
    {
        _rule = rule;
        Gemm = gemm;
        _quantizer = quantizer;
    }

    private enum Rule
    {
        Asymmetric,
        Symmetric,
        NonNegative,
    }

    public HybridGemm Gemm { get; }

    public ActivationForm Form => Gemm.Form;

    /// <summary>The words for the plan's reader.</summary>
    public string Description => _rule == Rule.NonNegative ? "hybrid fast" : _rule == Rule.Symmetric ? "hybrid precise symmetric" : "hybrid precise";

    /// <summary>The Fast form where the model asks for it and the input cannot be negative; else 8 bits, asymmetric or as old files have it.</summary>
    public static HybridInput Choose(PrepareContext context, TensorSlot input, bool asymmetric)
    {
        bool fast = context.Arithmetic == Arithmetic.Fast && input.IsNonNegative;
        Rule rule = fast ? Rule.NonNegative : asymmetric ? Rule.Asymmetric : Rule.Symmetric;
        return new HybridInput(rule, fast ? context.Kernels.FastGemm : context.Kernels.PreciseGemm, context.Kernels.ActivationQuantizer);
    }

    /// <summary>Stores values that share one scale. <paramref name="correction"/>: what a stored value exceeds the centered one by; it also stands for 0.</summary>
    public void Quantize(ReadOnlySpan<float> values, Span<byte> stored, out float scale, out int correction)
    {
        ActivationScale chosen = Scale(Range(values));
        Quantize(values, chosen, stored);
        scale = chosen.Scale;
        correction = Correction(chosen);
    }

    public (float Minimum, float Maximum) Range(ReadOnlySpan<float> values) => _quantizer.Range(values);

    /// <summary>The scale for values of that range.</summary>
    public ActivationScale Scale((float Minimum, float Maximum) range) => _rule switch
    {
        Rule.NonNegative => ActivationScale.NonNegative(range.Maximum),
        Rule.Symmetric => ActivationScale.Symmetric(range.Minimum, range.Maximum),
        _ => ActivationScale.Asymmetric(range.Minimum, range.Maximum),
    };

    public int Correction(in ActivationScale scale) => scale.ZeroPoint + Form.Shift(scale.ZeroPoint);

    public void Quantize(ReadOnlySpan<float> values, in ActivationScale scale, Span<byte> stored) => _quantizer.Quantize(values, scale, Form, Form.Shift(scale.ZeroPoint), stored);
}
