using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Quantize.Runtime.Simd;

/// <summary>256 bits: AVX2 with FMA. The dot product is vpmaddwd on int16, exact for every zero point.</summary>
internal readonly unsafe struct Avx2Isa : IIsa<Vector256<float>, Vector256<int>>, IDot<Vector256<int>>
{
    public static int Lanes => 8;

    public static ActivationForm Form => ActivationForm.Centered16;

    public static Vector256<float> Load(float* source) => Vector256.Load(source);

    public static void Store(float* target, Vector256<float> value) => value.Store(target);

    public static Vector256<float> Broadcast(float value) => Vector256.Create(value);

    public static void Prefetch(void* address) => Sse.Prefetch1(address);

    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Fma.MultiplyAdd(a, b, c);

    public static Vector256<float> Add(Vector256<float> a, Vector256<float> b) => a + b;

    public static Vector256<float> Subtract(Vector256<float> a, Vector256<float> b) => a - b;

    public static Vector256<float> Multiply(Vector256<float> a, Vector256<float> b) => a * b;

    public static Vector256<float> Divide(Vector256<float> a, Vector256<float> b) => a / b;

    public static Vector256<float> Max(Vector256<float> a, Vector256<float> b) => Vector256.Max(a, b);

    public static Vector256<float> Min(Vector256<float> a, Vector256<float> b) => Vector256.Min(a, b);

    public static Vector256<float> MaxNative(Vector256<float> a, Vector256<float> b) => Vector256.MaxNative(a, b);

    public static Vector256<float> MinNative(Vector256<float> a, Vector256<float> b) => Vector256.MinNative(a, b);

    public static Vector256<float> SquareRoot(Vector256<float> value) => Vector256.Sqrt(value);

    public static Vector256<float> Abs(Vector256<float> value) => Vector256.Abs(value);

    public static Vector256<float> Round(Vector256<float> value) => Avx.RoundToNearestInteger(value);

    public static Vector256<float> PowerOfTwo(Vector256<float> exponent) => ((Vector256.ConvertToInt32Native(exponent) + Vector256.Create(127)) << 23).AsSingle();

    public static Vector256<float> Exponent(Vector256<float> value) => Vector256.ConvertToSingle((Vector256.Abs(value).AsInt32() >> 23) - Vector256.Create(127));

    public static Vector256<float> Mantissa(Vector256<float> value) => ((value.AsInt32() & Vector256.Create(0x7FFFFF)) | Vector256.Create(127 << 23)).AsSingle();

    public static Vector256<float> SelectLess(Vector256<float> a, Vector256<float> b, Vector256<float> whenTrue, Vector256<float> whenFalse) =>
        Vector256.ConditionalSelect(Vector256.LessThan(a, b), whenTrue, whenFalse);

    public static float MaxAcross(Vector256<float> value) => Vector128Isa.MaxAcross(Vector128.Max(value.GetLower(), value.GetUpper()));

    public static float MinAcross(Vector256<float> value) => Vector128Isa.MinAcross(Vector128.Min(value.GetLower(), value.GetUpper()));

    public static float SumAcross(Vector256<float> value) => Vector128Isa.SumAcross(value.GetLower() + value.GetUpper());

    public static void StoreAsBytes(byte* target, Vector256<float> value) => StoreLowBytes(target, ToInt(value));

    public static void StoreAsInt16(short* target, Vector256<float> value) => StoreLowWords(target, ToInt(value));

    public static Vector256<int> LoadWeights(sbyte* weights) => Avx2.ConvertToVector256Int16(weights).AsInt32();

    public static Vector256<int> Dot(Vector256<int> accumulator, Vector256<int> group, Vector256<int> weights) =>
        accumulator + Avx2.MultiplyAddAdjacent(group.AsInt16(), weights.AsInt16());

    public static Vector256<int> MultiplySubtract(Vector256<int> accumulator, Vector256<int> a, Vector256<int> b) => accumulator - a * b;

    public static Vector256<int> LoadInt(int* source) => Vector256.Load(source);

    public static Vector256<int> LoadSigned(sbyte* source) => Avx2.ConvertToVector256Int32(source);

    public static Vector256<int> LoadUnsigned(byte* source) => Avx2.ConvertToVector256Int32(source);

    public static Vector256<int> LoadWords(short* source) => Avx2.ConvertToVector256Int32(source);

    public static void StoreInt(int* target, Vector256<int> value) => value.Store(target);

    public static Vector256<int> BroadcastInt(int value) => Vector256.Create(value);

    public static Vector256<float> ToFloat(Vector256<int> value) => Vector256.ConvertToSingle(value);

    public static Vector256<int> ToInt(Vector256<float> value) => Vector256.ConvertToInt32Native(value);

    public static Vector256<int> AddInt(Vector256<int> a, Vector256<int> b) => a + b;

    public static Vector256<int> MaxInt(Vector256<int> a, Vector256<int> b) => Vector256.Max(a, b);

    public static Vector256<int> MinInt(Vector256<int> a, Vector256<int> b) => Vector256.Min(a, b);

    public static void StoreLowBytes(byte* target, Vector256<int> value)
    {
        Vector128<short> words = Vector128.Narrow(value.GetLower(), value.GetUpper());
        Unsafe.WriteUnaligned(target, Vector128.Narrow(words, Vector128<short>.Zero).AsInt64().ToScalar());
    }

    public static void StoreLowWords(short* target, Vector256<int> value) => Vector128.Narrow(value.GetLower(), value.GetUpper()).Store(target);

    public static Vector256<int> ShiftLeft(Vector256<int> value, Vector256<int> bits) => Avx2.ShiftLeftLogicalVariable(value, bits.AsUInt32());

    public static Vector256<int> ShiftRight(Vector256<int> value, Vector256<int> bits) => Avx2.ShiftRightArithmeticVariable(value, bits.AsUInt32());

    /// <summary>The products of even lanes, and of odd ones: bits 31 to 62 of each are the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> DoublingHighProduct(Vector256<int> a, Vector256<int> b)
    {
        Vector256<long> half = Vector256.Create(1L << 30);
        Vector256<long> even = Avx2.Multiply(a, b) + half;
        Vector256<long> odd = Avx2.Multiply((a.AsUInt64() >> 32).AsInt32(), (b.AsUInt64() >> 32).AsInt32()) + half;
        return Avx2.Blend((even.AsUInt64() >> 31).AsInt32(), (odd << 1).AsInt32(), 0b10101010);
    }
}
