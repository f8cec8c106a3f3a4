using System.Runtime.InteropServices;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Simd;
using Quantize.Runtime.Threads;

namespace Quantize.Runtime.Ops;

/// <summary>The images of a hybrid convolution, quantized and padded in two phases: their range, and their codes.</summary>
internal sealed class HybridActivations(PrepareContext context, HybridInput hybrid, ConvolutionGeometry geometry, int copies)
{
    public const int Phases = 2;

    /// <summary>Values of which a share is a multiple: whole cache lines.</summary>
    private const int Unit = 64;

    private readonly SharedRange _range = new(context, copies);
    private readonly MemberScratch _stored = new(context, checked(geometry.PaddedLength * hybrid.Form.Bytes() + HybridGemm.ReadAhead), copies);

    public int Parts(int phase, int members) =>
        Cutting.Parts((long)geometry.InputLength * Cutting.WorkOfElement, phase == 1 && geometry.NeedsPadding ? geometry.PaddedHeight : geometry.InputLength / Unit, members);

    public void RunPart(in RunContext context, ReadOnlySpan<float> image, in Part part)
    {
        if (part.Phase == 0)
            FindRange(context, image, part);
        else if (geometry.NeedsPadding)
            QuantizeRows(context, image, part);
        else
            Quantize(context, image, part);
    }

    /// <summary>The codes with their scale, and what they exceed the centered ones by.</summary>
    public ReadOnlySpan<byte> Stored(in RunContext context, int copy, out float scale, out int correction)
    {
        ActivationScale chosen = Scale(context, copy);
        scale = chosen.Scale;
        correction = hybrid.Correction(chosen);
        return _stored.Of<byte>(context, copy);
    }

    private ActivationScale Scale(in RunContext context, int copy) => hybrid.Scale(_range.Whole(context, copy));

    private void FindRange(in RunContext context, ReadOnlySpan<float> image, in Part part)
    {
        (int first, int count) = part.Share(image.Length, Unit);
        _range.Note(context, part, hybrid.Range(image.Slice(first, count)));
    }

    private void Quantize(in RunContext context, ReadOnlySpan<float> image, in Part part)
    {
        (int first, int count) = part.Share(image.Length, Unit);
        hybrid.Quantize(image.Slice(first, count), Scale(context, part.Member), _stored.Of<byte>(context, part.Member)[(first * hybrid.Form.Bytes())..]);
    }

    /// <summary>Row by row into the padded image; what lies outside is the code of 0.</summary>
    private void QuantizeRows(in RunContext context, ReadOnlySpan<float> image, in Part part)
    {
        ActivationScale scale = Scale(context, part.Member);
        int bytes = hybrid.Form.Bytes(), rowBytes = geometry.PaddedWidth * geometry.Channels * bytes, left = geometry.PaddingLeft * geometry.Channels * bytes;
        int inputRow = geometry.InputWidth * geometry.Channels, used = Math.Max(0, Math.Min(inputRow, (rowBytes - left) / bytes));
        (int first, int count) = part.Share(geometry.PaddedHeight);
        for (int y = first; y < first + count; y++)
        {
            Span<byte> row = _stored.Of<byte>(context, part.Member).Slice(y * rowBytes, rowBytes);
            int source = y - geometry.PaddingTop, filled = (uint)source < (uint)geometry.InputHeight ? used : 0, end = left + filled * bytes;
            if (filled == 0)
            {
                FillOutside(row, scale);
                continue;
            }

            FillOutside(row[..left], scale);
            hybrid.Quantize(image.Slice(source * inputRow, filled), scale, row[left..end]);
            FillOutside(row[end..], scale);
        }
    }

    private void FillOutside(Span<byte> stored, in ActivationScale scale)
    {
        int code = hybrid.Correction(scale);
        if (hybrid.Form.Bytes() == 2)
            MemoryMarshal.Cast<byte, short>(stored).Fill((short)code);
        else
            stored.Fill(unchecked((byte)code));
    }
}
