using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Quantize.Runtime.Simd;

/// <summary>512 bits: AVX-512 F and BW. The dot product is vpmaddwd on int16, exact for every zero point.</summary>
internal readonly unsafe struct Avx512Isa : IIsa<Vector512<float>, Vector512<int>>, IDot<Vector512<int>>
{
    public static int Lanes => 16;

    public static ActivationForm Form => ActivationForm.Centered16;

    public static Vector512<float> Load(float* source) => Vector512.Load(source);

    public static void Store(float* target, Vector512<float> value) => value.Store(target);

    public static Vector512<float> Broadcast(float value) => Vector512.Create(value);

    public static void Prefetch(void* address) => Sse.Prefetch1(address);

    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Avx512F.FusedMultiplyAdd(a, b, c);

    public static Vector512<float> Add(Vector512<float> a, Vector512<float> b) => a + b;

    public static Vector512<float> Subtract(Vector512<float> a, Vector512<float> b) => a - b;

    public static Vector512<float> Multiply(Vector512<float> a, Vector512<float> b) => a * b;

    public static Vector512<float> Divide(Vector512<float> a, Vector512<float> b) => a / b;

    public static Vector512<float> Max(Vector512<float> a, Vector512<float> b) => Vector512.Max(a, b);

    public static Vector512<float> Min(Vector512<float> a, Vector512<float> b) => Vector512.Min(a, b);

    public static Vector512<float> MaxNative(Vector512<float> a, Vector512<float> b) => Vector512.MaxNative(a, b);

    public static Vector512<float> MinNative(Vector512<float> a, Vector512<float> b) => Vector512.MinNative(a, b);

    public static Vector512<float> SquareRoot(Vector512<float> value) => Vector512.Sqrt(value);

    public static Vector512<float> Abs(Vector512<float> value) => Vector512.Abs(value);

    public static Vector512<float> Round(Vector512<float> value) => Avx512F.RoundScale(value, 0);

    public static Vector512<float> PowerOfTwo(Vector512<float> exponent) => ((Vector512.ConvertToInt32Native(exponent) + Vector512.Create(127)) << 23).AsSingle();

    public static Vector512<float> Exponent(Vector512<float> value) => Vector512.ConvertToSingle((Vector512.Abs(value).AsInt32() >> 23) - Vector512.Create(127));

    public static Vector512<float> Mantissa(Vector512<float> value) => ((value.AsInt32() & Vector512.Create(0x7FFFFF)) | Vector512.Create(127 << 23)).AsSingle();

    public static Vector512<float> SelectLess(Vector512<float> a, Vector512<float> b, Vector512<float> whenTrue, Vector512<float> whenFalse) =>
        Vector512.ConditionalSelect(Vector512.LessThan(a, b), whenTrue, whenFalse);

    public static float MaxAcross(Vector512<float> value) => Avx2Isa.MaxAcross(Vector256.Max(value.GetLower(), value.GetUpper()));

    public static float MinAcross(Vector512<float> value) => Avx2Isa.MinAcross(Vector256.Min(value.GetLower(), value.GetUpper()));

    public static float SumAcross(Vector512<float> value) => Avx2Isa.SumAcross(value.GetLower() + value.GetUpper());

    public static void StoreAsBytes(byte* target, Vector512<float> value) => StoreLowBytes(target, ToInt(value));

    public static void StoreAsInt16(short* target, Vector512<float> value) => StoreLowWords(target, ToInt(value));

    public static Vector512<int> LoadWeights(sbyte* weights) => Avx512BW.ConvertToVector512Int16(Vector256.Load(weights)).AsInt32();

    public static Vector512<int> Dot(Vector512<int> accumulator, Vector512<int> group, Vector512<int> weights) =>
        accumulator + Avx512BW.MultiplyAddAdjacent(group.AsInt16(), weights.AsInt16());

    public static Vector512<int> MultiplySubtract(Vector512<int> accumulator, Vector512<int> a, Vector512<int> b) => accumulator - a * b;

    public static Vector512<int> LoadInt(int* source) => Vector512.Load(source);

    public static Vector512<int> LoadSigned(sbyte* source) => Avx512F.ConvertToVector512Int32(Vector128.Load(source));

    public static Vector512<int> LoadUnsigned(byte* source) => Avx512F.ConvertToVector512Int32(Vector128.Load(source));

    public static Vector512<int> LoadWords(short* source) => Avx512F.ConvertToVector512Int32(Vector256.Load(source));

    public static void StoreInt(int* target, Vector512<int> value) => value.Store(target);

    public static Vector512<int> BroadcastInt(int value) => Vector512.Create(value);

    public static Vector512<float> ToFloat(Vector512<int> value) => Vector512.ConvertToSingle(value);

    public static Vector512<int> ToInt(Vector512<float> value) => Vector512.ConvertToInt32Native(value);

    public static Vector512<int> AddInt(Vector512<int> a, Vector512<int> b) => a + b;

    public static Vector512<int> MaxInt(Vector512<int> a, Vector512<int> b) => Vector512.Max(a, b);

    public static Vector512<int> MinInt(Vector512<int> a, Vector512<int> b) => Vector512.Min(a, b);

    public static void StoreLowBytes(byte* target, Vector512<int> value) => Avx512F.ConvertToVector128Byte(value).Store(target);

    public static void StoreLowWords(short* target, Vector512<int> value) => Avx512F.ConvertToVector256Int16(value).Store(target);

    public static Vector512<int> ShiftLeft(Vector512<int> value, Vector512<int> bits) => Avx512F.ShiftLeftLogicalVariable(value, bits.AsUInt32());

    public static Vector512<int> ShiftRight(Vector512<int> value, Vector512<int> bits) => Avx512F.ShiftRightArithmeticVariable(value, bits.AsUInt32());

    /// <summary>The products of even lanes, and of odd ones: bits 31 to 62 of each are the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> DoublingHighProduct(Vector512<int> a, Vector512<int> b)
    {
        Vector512<long> half = Vector512.Create(1L << 30);
        Vector512<long> even = Avx512F.Multiply(a, b) + half;
        Vector512<long> odd = Avx512F.Multiply((a.AsUInt64() >> 32).AsInt32(), (b.AsUInt64() >> 32).AsInt32()) + half;
        return Vector512.ConditionalSelect(Vector512.Create(0x00000000FFFFFFFFUL).AsInt32(), (even.AsUInt64() >> 31).AsInt32(), (odd << 1).AsInt32());
    }
}
