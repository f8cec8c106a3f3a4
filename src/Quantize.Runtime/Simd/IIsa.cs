namespace Quantize.Runtime.Simd;

/// <summary>The float vocabulary with 32-bit integers of as many lanes.</summary>
internal unsafe interface IIsa<TFloat, TInt> : IFloatIsa<TFloat>
    where TFloat : unmanaged
    where TInt : unmanaged
{
    static abstract TInt LoadInt(int* source);

    /// <summary>As many codes of 8 bits, with their sign.</summary>
    static abstract TInt LoadSigned(sbyte* source);

    /// <summary>As many codes of 8 bits, without a sign.</summary>
    static abstract TInt LoadUnsigned(byte* source);

    /// <summary>As many 16-bit codes, with their sign.</summary>
    static abstract TInt LoadWords(short* source);

    static abstract void StoreInt(int* target, TInt value);

    static abstract TInt BroadcastInt(int value);

    /// <summary>accumulator - a * b, lane by lane, modulo 2^32.</summary>
    static abstract TInt MultiplySubtract(TInt accumulator, TInt a, TInt b);

    static abstract TFloat ToFloat(TInt value);

    /// <summary>The integer that a float stands for exactly.</summary>
    static abstract TInt ToInt(TFloat value);

    /// <summary>a + b, lane by lane, modulo 2^32.</summary>
    static abstract TInt AddInt(TInt a, TInt b);

    static abstract TInt MaxInt(TInt a, TInt b);

    static abstract TInt MinInt(TInt a, TInt b);

    /// <summary>The low byte of each lane.</summary>
    static abstract void StoreLowBytes(byte* target, TInt value);

    /// <summary>The low half of each lane.</summary>
    static abstract void StoreLowWords(short* target, TInt value);

    /// <summary>value * 2^bits, modulo 2^32; bits in [0, 31], lane by lane.</summary>
    static abstract TInt ShiftLeft(TInt value, TInt bits);

    /// <summary>floor(value / 2^bits); bits in [0, 31], lane by lane.</summary>
    static abstract TInt ShiftRight(TInt value, TInt bits);

    /// <summary>a * b / 2^31, halves upwards, for b >= 0.</summary>
    static abstract TInt DoublingHighProduct(TInt a, TInt b);
}
