using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.Wasm;
using System.Runtime.Intrinsics.X86;

namespace Quantize.Runtime.Simd;

/// <summary>
/// 128 bits: SSE4.1, NEON, WebAssembly. The tests of <c>IsSupported</c> are constants to the compiler, so each platform keeps one branch. WebAssembly's interpreter
/// knows some portable operations only as calls, 10 to 50 times slower than the instruction: those are named here, and inlined by request because it looks at size.
/// </summary>
internal readonly unsafe struct Vector128Isa : IIsa<Vector128<float>, Vector128<int>>, IDot<Vector128<int>>
{
    public static int Lanes => 4;

    public static ActivationForm Form => ActivationForm.Centered16;

    public static Vector128<float> Load(float* source) => Vector128.Load(source);

    public static void Store(float* target, Vector128<float> value) => value.Store(target);

    public static Vector128<float> Broadcast(float value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(void* address)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c)
    {
        if (PackedSimd.IsSupported)
            return a * b + c;
        return Vector128.MultiplyAddEstimate(a, b, c);
    }

    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;

    public static Vector128<float> Subtract(Vector128<float> a, Vector128<float> b) => a - b;

    public static Vector128<float> Multiply(Vector128<float> a, Vector128<float> b) => a * b;

    public static Vector128<float> Divide(Vector128<float> a, Vector128<float> b) => a / b;

    public static Vector128<float> Max(Vector128<float> a, Vector128<float> b) => Vector128.Max(a, b);

    public static Vector128<float> Min(Vector128<float> a, Vector128<float> b) => Vector128.Min(a, b);

    public static Vector128<float> MaxNative(Vector128<float> a, Vector128<float> b) => Vector128.MaxNative(a, b);

    public static Vector128<float> MinNative(Vector128<float> a, Vector128<float> b) => Vector128.MinNative(a, b);

    public static Vector128<float> SquareRoot(Vector128<float> value) => Vector128.Sqrt(value);

    public static Vector128<float> Abs(Vector128<float> value) => Vector128.Abs(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Round(Vector128<float> value)
    {
        if (PackedSimd.IsSupported)
            return PackedSimd.RoundToNearest(value);
        return Vector128.Round(value);
    }

    public static Vector128<float> PowerOfTwo(Vector128<float> exponent) => ((ToInt(exponent) + Vector128.Create(127)) << 23).AsSingle();

    public static Vector128<float> Exponent(Vector128<float> value) => Vector128.ConvertToSingle((Vector128.Abs(value).AsInt32() >> 23) - Vector128.Create(127));

    public static Vector128<float> Mantissa(Vector128<float> value) => ((value.AsInt32() & Vector128.Create(0x7FFFFF)) | Vector128.Create(127 << 23)).AsSingle();

    public static Vector128<float> SelectLess(Vector128<float> a, Vector128<float> b, Vector128<float> whenTrue, Vector128<float> whenFalse) =>
        Vector128.ConditionalSelect(Vector128.LessThan(a, b), whenTrue, whenFalse);

    public static float MaxAcross(Vector128<float> value)
    {
        Vector128<float> half = Vector128.Max(value, Vector128.Shuffle(value, Vector128.Create(2, 3, 0, 1)));
        return Vector128.Max(half, Vector128.Shuffle(half, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    public static float MinAcross(Vector128<float> value)
    {
        Vector128<float> half = Vector128.Min(value, Vector128.Shuffle(value, Vector128.Create(2, 3, 0, 1)));
        return Vector128.Min(half, Vector128.Shuffle(half, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    public static float SumAcross(Vector128<float> value)
    {
        Vector128<float> half = value + Vector128.Shuffle(value, Vector128.Create(2, 3, 0, 1));
        return (half + Vector128.Shuffle(half, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    public static void StoreAsBytes(byte* target, Vector128<float> value) => StoreLowBytes(target, ToInt(value));

    public static void StoreAsInt16(short* target, Vector128<float> value) => StoreLowWords(target, ToInt(value));

    public static Vector128<int> LoadWeights(sbyte* weights) => Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<long>(weights)).AsSByte()).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Dot(Vector128<int> accumulator, Vector128<int> group, Vector128<int> weights)
    {
        if (Sse2.IsSupported)
            return accumulator + Sse2.MultiplyAddAdjacent(group.AsInt16(), weights.AsInt16());
        if (PackedSimd.IsSupported)
            return accumulator + PackedSimd.Dot(group.AsInt16(), weights.AsInt16());
        if (AdvSimd.Arm64.IsSupported)
        {
            Vector128<int> low = AdvSimd.MultiplyWideningLower(group.AsInt16().GetLower(), weights.AsInt16().GetLower());
            Vector128<int> high = AdvSimd.MultiplyWideningUpper(group.AsInt16(), weights.AsInt16());
            return accumulator + AdvSimd.Arm64.AddPairwise(low, high);
        }

        Vector128<int> even = ((group << 16) >> 16) * ((weights << 16) >> 16);
        Vector128<int> odd = (group >> 16) * (weights >> 16);
        return accumulator + even + odd;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> MultiplySubtract(Vector128<int> accumulator, Vector128<int> a, Vector128<int> b)
    {
        if (PackedSimd.IsSupported)
            return accumulator - PackedSimd.Multiply(a, b);
        return accumulator - a * b;
    }

    public static Vector128<int> LoadInt(int* source) => Vector128.Load(source);

    public static Vector128<int> LoadSigned(sbyte* source) =>
        Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<int>(source)).AsSByte()));

    public static Vector128<int> LoadWords(short* source) => Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<long>(source)).AsInt16());

    public static Vector128<int> LoadUnsigned(byte* source) =>
        Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<int>(source)).AsByte())).AsInt32();

    public static void StoreInt(int* target, Vector128<int> value) => value.Store(target);

    public static Vector128<int> BroadcastInt(int value) => Vector128.Create(value);

    public static Vector128<float> ToFloat(Vector128<int> value) => Vector128.ConvertToSingle(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> ToInt(Vector128<float> value)
    {
        if (PackedSimd.IsSupported)
            return PackedSimd.ConvertToInt32Saturate(value);
        return Vector128.ConvertToInt32Native(value);
    }

    public static Vector128<int> AddInt(Vector128<int> a, Vector128<int> b) => a + b;

    public static Vector128<int> MaxInt(Vector128<int> a, Vector128<int> b) => Vector128.Max(a, b);

    public static Vector128<int> MinInt(Vector128<int> a, Vector128<int> b) => Vector128.Min(a, b);

    public static void StoreLowBytes(byte* target, Vector128<int> value)
    {
        Vector128<short> words = Vector128.Narrow(value, Vector128<int>.Zero);
        Vector128<sbyte> bytes = Vector128.Narrow(words, Vector128<short>.Zero);
        Unsafe.WriteUnaligned(target, bytes.AsInt32().ToScalar());
    }

    public static void StoreLowWords(short* target, Vector128<int> value) =>
        Unsafe.WriteUnaligned(target, Vector128.Narrow(value, Vector128<int>.Zero).AsInt64().ToScalar());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> ShiftLeft(Vector128<int> value, Vector128<int> bits)
    {
        if (AdvSimd.IsSupported)
            return AdvSimd.ShiftLogical(value, bits);
        return Vector128.Create(value[0] << bits[0], value[1] << bits[1], value[2] << bits[2], value[3] << bits[3]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> ShiftRight(Vector128<int> value, Vector128<int> bits)
    {
        if (AdvSimd.IsSupported)
            return AdvSimd.ShiftArithmetic(value, -bits);
        return Vector128.Create(value[0] >> bits[0], value[1] >> bits[1], value[2] >> bits[2], value[3] >> bits[3]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> DoublingHighProduct(Vector128<int> a, Vector128<int> b)
    {
        if (AdvSimd.IsSupported)
            return AdvSimd.MultiplyRoundedDoublingSaturateHigh(a, b);
        if (Sse41.IsSupported)
        {
            Vector128<long> half = Vector128.Create(1L << 30);
            Vector128<long> even = Sse41.Multiply(a, b) + half;
            Vector128<long> odd = Sse41.Multiply((a.AsUInt64() >> 32).AsInt32(), (b.AsUInt64() >> 32).AsInt32()) + half;
            return Sse41.Blend((even.AsUInt64() >> 31).AsInt16(), (odd << 1).AsInt16(), 0b11001100).AsInt32();
        }

        return Vector128.Create(ScalarIsa.DoublingHighProduct(a[0], b[0]), ScalarIsa.DoublingHighProduct(a[1], b[1]), ScalarIsa.DoublingHighProduct(a[2], b[2]), ScalarIsa.DoublingHighProduct(a[3], b[3]));
    }
}
