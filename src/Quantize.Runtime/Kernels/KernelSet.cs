using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Kernels;

/// <summary>The kernels of one row of the ISA table; each is made when first asked for.</summary>
internal abstract class KernelSet(string name, bool isSupported)
{
    public string Name { get; } = name;

    /// <summary>Whether this machine (and what the JIT was allowed) can run it.</summary>
    public bool IsSupported { get; } = isSupported;

    public abstract FloatGemm FloatGemm { get; }

    /// <summary>Activations in 8 bits.</summary>
    public abstract HybridGemm PreciseGemm { get; }

    /// <summary>Activations in 7 bits; only what cannot be negative.</summary>
    public abstract HybridGemm FastGemm { get; }

    public abstract ActivationQuantizer ActivationQuantizer { get; }

    /// <summary>Between floats and codes.</summary>
    public abstract AffineCodes AffineCodes { get; }

    public abstract CodeArithmetic CodeArithmetic { get; }

    public abstract Depthwise Depthwise { get; }

    public abstract Elementwise Elementwise { get; }

    public abstract LstmCell LstmCell { get; }

    public abstract Pooling Pooling { get; }

    public abstract Reduction Reduction { get; }

    /// <summary>What makes codes of integer sums.</summary>
    public abstract Requantizer Requantizer { get; }

    public abstract Softmax Softmax { get; }

    public abstract Winograd Winograd { get; }
}

/// <summary>A row: the policy, and the makers of the two hybrid products (which may want another width).</summary>
internal sealed class KernelSet<TIsa, TFloat, TInt>(string name, bool isSupported, Func<HybridGemm> precise, Func<HybridGemm> fast) : KernelSet(name, isSupported)
    where TIsa : struct, IIsa<TFloat, TInt>
    where TFloat : unmanaged
    where TInt : unmanaged
{
    public override FloatGemm FloatGemm => field ??= new FloatGemm<TIsa, TFloat>();

    public override HybridGemm PreciseGemm => field ??= precise();

    public override HybridGemm FastGemm => field ??= fast();

    public override ActivationQuantizer ActivationQuantizer => field ??= new ActivationQuantizer<TIsa, TFloat>();

    public override AffineCodes AffineCodes => field ??= new AffineCodes<TIsa, TFloat, TInt>();

    public override CodeArithmetic CodeArithmetic => field ??= new CodeArithmetic<TIsa, TFloat, TInt>();

    public override Depthwise Depthwise => field ??= new Depthwise<TIsa, TFloat>();

    public override Elementwise Elementwise => field ??= new Elementwise<TIsa, TFloat>();

    public override LstmCell LstmCell => field ??= new LstmCell<TIsa, TFloat>();

    public override Pooling Pooling => field ??= new Pooling<TIsa, TFloat>();

    public override Reduction Reduction => field ??= new Reduction<TIsa, TFloat>();

    public override Requantizer Requantizer => field ??= new Requantizer<TIsa, TFloat, TInt>();

    public override Softmax Softmax => field ??= new Softmax<TIsa, TFloat>();

    public override Winograd Winograd => field ??= new Winograd<TIsa, TFloat>();
}
