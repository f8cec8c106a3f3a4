namespace Quantize.Runtime.Simd;

/// <summary>
/// The float vocabulary of an instruction set, over its bare vector type. A kernel is written once against it; the scalar reference is the same source with one
/// lane. (A wrapper struct around the vector costs an extra move per multiply-add; a policy does not.)
/// </summary>
internal unsafe interface IFloatIsa<TFloat>
    where TFloat : unmanaged
{
    static abstract int Lanes { get; }

    static abstract TFloat Load(float* source);

    static abstract void Store(float* target, TFloat value);

    static abstract TFloat Broadcast(float value);

    /// <summary>Asks for the line at an address to come into the second-level cache, where the instruction set can: nothing is read, so that any address will do.</summary>
    static abstract void Prefetch(void* address);

    /// <summary>a * b + c, fused where the instruction set can.</summary>
    static abstract TFloat MultiplyAdd(TFloat a, TFloat b, TFloat c);

    static abstract TFloat Add(TFloat a, TFloat b);

    static abstract TFloat Subtract(TFloat a, TFloat b);

    static abstract TFloat Multiply(TFloat a, TFloat b);

    static abstract TFloat Divide(TFloat a, TFloat b);

    /// <summary>The greater one; NaN where either is NaN.</summary>
    static abstract TFloat Max(TFloat a, TFloat b);

    /// <summary>The lesser one; NaN where either is NaN.</summary>
    static abstract TFloat Min(TFloat a, TFloat b);

    /// <summary>The greater one, in one instruction: NaN where b is NaN; a must be none.</summary>
    static abstract TFloat MaxNative(TFloat a, TFloat b);

    /// <summary>The lesser one, in one instruction: NaN where b is NaN; a must be none.</summary>
    static abstract TFloat MinNative(TFloat a, TFloat b);

    static abstract TFloat SquareRoot(TFloat value);

    static abstract TFloat Abs(TFloat value);

    /// <summary>The nearest integer, halves to the even one.</summary>
    static abstract TFloat Round(TFloat value);

    /// <summary>2 to the power of an integral value in [-126, 127].</summary>
    static abstract TFloat PowerOfTwo(TFloat exponent);

    /// <summary>floor(log2 |value|) of a normal number.</summary>
    static abstract TFloat Exponent(TFloat value);

    /// <summary>A normal number's magnitude divided by the power of two below it: in [1, 2).</summary>
    static abstract TFloat Mantissa(TFloat value);

    /// <summary>Lane by lane: whenTrue where a is less than b, else whenFalse.</summary>
    static abstract TFloat SelectLess(TFloat a, TFloat b, TFloat whenTrue, TFloat whenFalse);

    /// <summary>The greatest lane.</summary>
    static abstract float MaxAcross(TFloat value);

    /// <summary>The least lane.</summary>
    static abstract float MinAcross(TFloat value);

    /// <summary>The sum of the lanes, lower half plus upper half at each level.</summary>
    static abstract float SumAcross(TFloat value);

    /// <summary>Stores lanes as bytes: values must be integral in [-128, 255]; the low 8 bits are kept.</summary>
    static abstract void StoreAsBytes(byte* target, TFloat value);

    /// <summary>Stores lanes as 16-bit integers: values must be integral and fit.</summary>
    static abstract void StoreAsInt16(short* target, TFloat value);
}
