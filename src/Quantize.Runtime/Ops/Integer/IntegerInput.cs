using System.Runtime.InteropServices;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Simd;
using Quantize.Runtime.Threads;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>
/// The codes of an input in the form that the 8-bit products want. int16 codes make two such operands: x = 256 * high + low, with low in [0, 255]; the sums of both
/// products are joined in 64 bits.
/// </summary>
internal sealed class IntegerInput
{
    private const int LowZeroPoint = -128;

    /// <summary>Codes of which a share is a multiple: whole cache lines.</summary>
    private const int Unit = 64;

    private readonly TensorType _type;
    private readonly int _zeroPoint;
    private readonly int _length;
    private readonly ConvolutionGeometry? _geometry;
    private readonly MemberScratch? _plain;
    private readonly MemberScratch _stored;
    private readonly MemberScratch? _low;

    /// <summary>Items of <paramref name="length"/> elements, padded as <paramref name="geometry"/> says where there is one; <paramref name="copies"/> of them at a time.</summary>
    public IntegerInput(PrepareContext context, TensorSlot input, int length, ConvolutionGeometry? geometry, int copies = 1)
    {
        _type = input.Type;
        _zeroPoint = SignedZeroPoint(context, input);
        _length = length;
        _geometry = geometry is { NeedsPadding: true } ? geometry : null;
        Gemm = context.Kernels.PreciseGemm;
        int bytes = Gemm.Form.Bytes();
        _plain = _geometry is null ? null : new MemberScratch(context, checked(length * bytes), copies);
        int storedBytes = checked((_geometry?.PaddedLength ?? length) * bytes + HybridGemm.ReadAhead);
        _stored = new MemberScratch(context, storedBytes, copies);
        _low = input.Type == TensorType.Int16 ? new MemberScratch(context, storedBytes, copies) : null;
    }

    public HybridGemm Gemm { get; }

    /// <summary>Bytes of one stored code.</summary>
    public int ElementBytes => Gemm.Form.Bytes();

    /// <summary>What a stored code exceeds the centered one by; it also stands for 0.</summary>
    public int Correction(bool low) => ZeroPoint(low) + Gemm.Form.Shift(ZeroPoint(low));

    /// <summary>One item, or its low part.</summary>
    public ReadOnlySpan<byte> Store(in RunContext context, ReadOnlySpan<byte> codes, bool low)
    {
        var whole = new Part(0, 0, 1, 0);
        Convert(context, codes, low, whole);
        Pad(context, low, whole);
        return Stored(context, low, copy: 0);
    }

    public int PartsToConvert(int members) => Cutting.Parts((long)_length * Cutting.WorkOfElement, _length / Unit, members);

    public int PartsToPad(int members) => _geometry is null ? 1 : Cutting.Parts((long)_geometry.PaddedLength * Cutting.WorkOfElement, _geometry.PaddedHeight, members);

    /// <summary>First a part of the codes is converted; its member is the copy to use.</summary>
    public void Convert(in RunContext context, ReadOnlySpan<byte> codes, bool low, in Part part)
    {
        (int first, int count) = part.Share(_length, Unit);
        Span<byte> converted = _geometry is null ? Copy(low).Of<byte>(context, part.Member) : _plain!.Of<byte>(context, part.Member);
        int codeBytes = _type == TensorType.Int16 ? sizeof(short) : sizeof(byte);
        Convert(codes.Slice(first * codeBytes, count * codeBytes), low, converted[(first * ElementBytes)..]);
    }

    /// <summary>Then, when all of them are, rows of the image are padded.</summary>
    public void Pad(in RunContext context, bool low, in Part part)
    {
        if (_geometry is null)
            return;
        (int first, int count) = part.Share(_geometry.PaddedHeight);
        Span<byte> plain = _plain!.Of<byte>(context, part.Member), padded = Copy(low).Of<byte>(context, part.Member);
        if (ElementBytes == 2)
            _geometry.Pad<short>(MemoryMarshal.Cast<byte, short>(plain), (short)Correction(low), MemoryMarshal.Cast<byte, short>(padded), first, count);
        else
            _geometry.Pad<byte>(plain, unchecked((byte)Correction(low)), padded, first, count);
    }

    public ReadOnlySpan<byte> Stored(in RunContext context, bool low, int copy) => Copy(low).Of<byte>(context, copy);

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

    private MemberScratch Copy(bool low) => low ? _low! : _stored;

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
                StoredCodes.AsWords(MemoryMarshal.Cast<byte, sbyte>(codes), _zeroPoint, words);
                break;
            case (_, ActivationForm.Centered16):
                StoredCodes.AsWords(codes, _zeroPoint + 128, words);
                break;
            default:
                StoredCodes.AsBytes(codes, turnSign: (_type == TensorType.Int8) == (form == ActivationForm.Unsigned8), stored);
                break;
        }
    }

    private ReadOnlySpan<short> Words(ReadOnlySpan<byte> codes) => MemoryMarshal.Cast<byte, short>(codes);
}
