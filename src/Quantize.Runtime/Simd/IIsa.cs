namespace Quantize.Runtime.Simd;

/// <summary>The float vocabulary with 32-bit integers of as many lanes.</summary>
internal unsafe interface IIsa<TFloat, TInt> : IFloatIsa<TFloat>
    where TFloat : unmanaged
    where TInt : unmanaged
{
    static abstract TInt LoadInt(int* source);

    static abstract void StoreInt(int* target, TInt value);

    static abstract TInt BroadcastInt(int value);

    /// <summary>accumulator - a * b, lane by lane, modulo 2^32.</summary>
    static abstract TInt MultiplySubtract(TInt accumulator, TInt a, TInt b);

    static abstract TFloat ToFloat(TInt value);
}
