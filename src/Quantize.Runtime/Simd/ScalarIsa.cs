using System.Runtime.CompilerServices;

namespace Quantize.Runtime.Simd;

/// <summary>One lane, no fused multiply-add: the reference, and what constants are folded with, so that a fold gives the same bytes on every machine.</summary>
internal readonly unsafe struct ScalarIsa : IIsa<float, int>, IDot<int>
{
    public static int Lanes => 1;

    public static ActivationForm Form => ActivationForm.Centered16;

    public static float Load(float* source) => *source;

    public static void Store(float* target, float value) => *target = value;

    public static float Broadcast(float value) => value;

    public static void Prefetch(void* address)
    {
    }

    public static float MultiplyAdd(float a, float b, float c) => a * b + c;

    public static float Add(float a, float b) => a + b;

    public static float Subtract(float a, float b) => a - b;

    public static float Multiply(float a, float b) => a * b;

    public static float Divide(float a, float b) => a / b;

    public static float Max(float a, float b) => MathF.Max(a, b);

    public static float Min(float a, float b) => MathF.Min(a, b);

    public static float MaxNative(float a, float b) => a > b ? a : b;

    public static float MinNative(float a, float b) => a < b ? a : b;

    public static float SquareRoot(float value) => MathF.Sqrt(value);

    public static float Abs(float value) => MathF.Abs(value);

    public static float Round(float value) => MathF.Round(value, MidpointRounding.ToEven);

    public static float PowerOfTwo(float exponent) => BitConverter.Int32BitsToSingle(((int)exponent + 127) << 23);

    public static float Exponent(float value) => (BitConverter.SingleToInt32Bits(MathF.Abs(value)) >> 23) - 127;

    public static float Mantissa(float value) => BitConverter.Int32BitsToSingle((BitConverter.SingleToInt32Bits(value) & 0x7FFFFF) | (127 << 23));

    public static float SelectLess(float a, float b, float whenTrue, float whenFalse) => a < b ? whenTrue : whenFalse;

    public static float MaxAcross(float value) => value;

    public static float MinAcross(float value) => value;

    public static float SumAcross(float value) => value;

    public static void StoreAsBytes(byte* target, float value) => *target = unchecked((byte)(int)value);

    public static void StoreAsInt16(short* target, float value) => *target = (short)value;

    public static int LoadWeights(sbyte* weights) => (weights[1] << 16) | (ushort)(short)weights[0];

    public static int Dot(int accumulator, int group, int weights) =>
        accumulator + (short)group * (short)weights + (group >> 16) * (weights >> 16);

    public static int MultiplySubtract(int accumulator, int a, int b) => unchecked(accumulator - a * b);

    public static int LoadInt(int* source) => *source;

    public static int LoadSigned(sbyte* source) => *source;

    public static int LoadUnsigned(byte* source) => *source;

    public static int LoadWords(short* source) => *source;

    public static void StoreInt(int* target, int value) => *target = value;

    public static int BroadcastInt(int value) => value;

    public static float ToFloat(int value) => value;

    public static int ToInt(float value) => (int)value;

    public static int AddInt(int a, int b) => unchecked(a + b);

    public static int MaxInt(int a, int b) => Math.Max(a, b);

    public static int MinInt(int a, int b) => Math.Min(a, b);

    public static void StoreLowBytes(byte* target, int value) => *target = unchecked((byte)value);

    public static void StoreLowWords(short* target, int value) => *target = unchecked((short)value);

    public static int ShiftLeft(int value, int bits) => value << bits;

    public static int ShiftRight(int value, int bits) => value >> bits;

    public static int DoublingHighProduct(int a, int b) => (int)(((long)a * b + (1L << 30)) >> 31);
}
