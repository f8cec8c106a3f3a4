namespace Quantize.Runtime.Simd;

/// <summary>
/// The dot product of a hybrid kernel: a group of activations (one 32-bit word, the same in every lane: two int16, or four bytes) times the same group of 8-bit
/// weights in each lane, summed into 32 bits. Whatever the form, the exact sum is the same on every instruction set.
/// </summary>
internal unsafe interface IDot<TInt>
    where TInt : unmanaged
{
    static abstract ActivationForm Form { get; }

    /// <summary>One group of weights for each lane, ready for <see cref="Dot"/>.</summary>
    static abstract TInt LoadWeights(sbyte* weights);

    /// <summary>accumulator + group . weights, lane by lane.</summary>
    static abstract TInt Dot(TInt accumulator, TInt group, TInt weights);
}
