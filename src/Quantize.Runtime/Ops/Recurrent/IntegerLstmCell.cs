using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops.Integer;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>The 16-bit cell of an integer LSTM, whose scale is a power of two.</summary>
internal sealed class IntegerLstmCell
{
    private const int GateBits = 15, WidestCell = 6;

    private readonly int _exponent;
    private readonly int _clip;

    public IntegerLstmCell(PrepareContext context, int input, int length, float clip)
    {
        State = RecurrentTensors.State(context, input, TensorType.Int16, length);
        Scale = TensorScale.Of(State, context).Scale;
        _exponent = (int)MathF.Round(MathF.Log2(Scale));
        if (MathF.ScaleB(1, _exponent) != Scale || _exponent < -GateBits - 1 || _exponent > WidestCell - GateBits)
            throw context.Fail($"has the scale {Scale} on its cell '{State.Name}', which is no power of two between 2^-16 and 2^-9");
        _clip = clip > 0 ? (int)Math.Clamp(clip / Scale, 1, short.MaxValue) : short.MaxValue + 1;
    }

    public TensorSlot State { get; }

    public float Scale { get; }

    /// <summary>cell = forget * cell + input * candidate; an empty input gate is one minus the forget gate.</summary>
    public void Update(ReadOnlySpan<short> input, ReadOnlySpan<short> forget, ReadOnlySpan<short> candidate, Span<short> cell)
    {
        int shift = 2 * GateBits + _exponent;
        for (int i = 0; i < cell.Length; i++)
        {
            int kept = FixedPointMultiplier.RoundingShift(forget[i] * cell[i], GateBits);
            int gate = input.IsEmpty ? short.MaxValue - forget[i] : input[i];
            int added = FixedPointMultiplier.RoundingShift(gate * candidate[i], shift);
            cell[i] = (short)Math.Clamp(ShortFixedPoint.Saturate(kept + added), -_clip, _clip);
        }
    }

    /// <summary>tanh of a cell with 15 fractional bits. A scale of 2^-16 leaves one bit more than the function takes.</summary>
    public short Tanh(short cell) => _exponent < -GateBits ? ShortFixedPoint.Tanh(FixedPointMultiplier.RoundingShift(cell, 1), 0) : ShortFixedPoint.Tanh(cell, GateBits + _exponent);
}
