namespace Quantize.Runtime;

/// <summary>How hybrid operators (8-bit weights, float activations) quantize activations. A property of the file, the same on every machine.</summary>
public enum Arithmetic
{
    /// <summary>8 asymmetric bits per row or batch item, as Google's kernels do it.</summary>
    Precise,

    /// <summary>7 bits (0..127) for activations that cannot be negative: faster, with half the resolution. Signed activations stay Precise.</summary>
    Fast,
}
