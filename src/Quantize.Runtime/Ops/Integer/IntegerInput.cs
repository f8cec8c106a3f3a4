using System.Runtime.InteropServices;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>
/// The codes of an input in the form that the 8-bit products want. int16 codes make two such operands: x = 256 * high + low, with low in [0, 255]; the sums of both
/// products are joined in 64 bits.
/// </summary>
internal sealed class IntegerInput
{
    private const int LowZeroPoint = -128;

    private readonly TensorType _type;
    private readonly int _zeroPoint;
    private readonly int _length;
    private readonly ConvolutionGeometry? _geometry;
    private readonly TensorSlot? _plain;
    private readonly TensorSlot _stored;
    private readonly TensorSlot? _low;

    /// <summary>Items of <paramref name="length"/> elements, padded as <paramref name="geometry"/> says where there is one.</summary>
    public IntegerInput(PrepareContext context, TensorSlot input, int length, ConvolutionGeometry? geometry)
    {
        _type = input.Type;
        _zeroPoint = SignedZeroPoint(context, input);
        _length = length;
        _geometry = geometry is { NeedsPadding: true } ? geometry : null;
        Gemm = context.Kernels.PreciseGemm;
        int bytes = Gemm.Form.Bytes();
        _plain = _geometry is null ? null : context.Scratch(checked(length * bytes));
        int storedBytes = checked((_geometry?.PaddedLength ?? length) * bytes + HybridGemm.ReadAhead);
        _stored = context.Scratch(storedBytes);
        _low = input.Type == TensorType.Int16 ? context.Scratch(storedBytes) : null;
    }

    public HybridGemm Gemm { get; }

    /// <summary>Bytes of one stored code.</summary>
    public int ElementBytes => Gemm.Form.Bytes();

    /// <summary>What a stored code exceeds the centered one by; it also stands for 0.</summary>
    public int Correction(bool low) => ZeroPoint(low) + Gemm.Form.Shift(ZeroPoint(low));

    /// <summary>One item, or its low part.</summary>
    public ReadOnlySpan<byte> Store(in RunContext context, ReadOnlySpan<byte> codes, bool low)
    {
        Span<byte> stored = context.Write<byte>(low ? _low! : _stored);
        if (_geometry is null)
        {
            Convert(codes, low, stored);
            return stored;
        }

        Span<byte> plain = context.Write<byte>(_plain!);
        Convert(codes, low, plain);
        if (Gemm.Form.Bytes() == 2)
            _geometry.Pad<short>(MemoryMarshal.Cast<byte, short>(plain), (short)Correction(low), MemoryMarshal.Cast<byte, short>(stored));
        else
            _geometry.Pad<byte>(plain, unchecked((byte)Correction(low)), stored);
        return stored;
    }

    private static int SignedZeroPoint(PrepareContext context, TensorSlot input)
    {
        int zeroPoint = TensorScale.Of(input, context).ZeroPoint;
        return input.Type switch
        {
            TensorType.Int8 => zeroPoint,
            TensorType.UInt8 => zeroPoint - 128,
            TensorType.Int16 when zeroPoint == 0 => 0,
            _ => throw context.Fail($"has {input.Type} input with the zero point {zeroPoint}, for which there is no kernel"),
        };
    }

    private int ZeroPoint(bool low) => low ? LowZeroPoint : _zeroPoint;

    /// <summary>The signed code q, plus what the form adds to it.</summary>
    private void Convert(ReadOnlySpan<byte> codes, bool low, Span<byte> stored)
    {
        ActivationForm form = Gemm.Form;
        Span<short> words = MemoryMarshal.Cast<byte, short>(stored);
        switch (_type, form)
        {
            case (TensorType.Int16, ActivationForm.Centered16):
                StoredCodes.ByteOfWords(Words(codes), low, form.Shift(ZeroPoint(low)), words);
                break;
            case (TensorType.Int16, _):
                StoredCodes.ByteOfWords(Words(codes), low, form.Shift(ZeroPoint(low)), stored);
                break;
            case (TensorType.Int8, ActivationForm.Centered16):
                StoredCodes.AsWords(MemoryMarshal.Cast<byte, sbyte>(codes[.._length]), _zeroPoint, words);
                break;
            case (_, ActivationForm.Centered16):
                StoredCodes.AsWords(codes[.._length], _zeroPoint + 128, words);
                break;
            default:
                StoredCodes.AsBytes(codes[.._length], turnSign: (_type == TensorType.Int8) == (form == ActivationForm.Unsigned8), stored);
                break;
        }
    }

    private ReadOnlySpan<short> Words(ReadOnlySpan<byte> codes) => MemoryMarshal.Cast<byte, short>(codes)[.._length];
}
