using System.Numerics;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>SOFTMAX of 16-bit codes over the last dimension, by two tables: e^x on [-10, 0], and 1 / (1 + x) on [0, 1] for the reciprocal of the sum.</summary>
internal sealed class WideSoftmaxStep : Step
{
    private const float UnitStep = 1f / 65535;

    private static readonly short[] s_powers = CodeTable.Of16Bits(10 * UnitStep, short.MaxValue, 2 * UnitStep, 0, values => KernelSets.Scalar.Elementwise.Unary(UnaryFunction.Exp, values, values));
    private static readonly short[] s_reciprocals = CodeTable.Of16Bits(UnitStep, short.MinValue, 2 * UnitStep, 0, ReciprocalOfOnePlus);

    private readonly TensorSlot _input;
    private readonly TensorSlot _output;
    private readonly TensorSlot _exponentials;
    private readonly FixedPointMultiplier _scale;

    public WideSoftmaxStep(PrepareContext context, float beta)
    {
        (_input, _output) = (context.Input(0), context.Output(0));
        _exponentials = context.Scratch(checked(_input.Shape[^1] * sizeof(short)));
        _scale = FixedPointMultiplier.Of((double)TensorScale.Of(_input, context).Scale * beta / (10.0 / 65535.0));
    }

    public override string Kernel => "softmax Int16, table";

    public override void Run(in RunContext context)
    {
        ReadOnlySpan<short> source = context.Read<short>(_input);
        Span<short> target = context.Write<short>(_output), exponentials = context.Write<short>(_exponentials);
        int length = _input.Shape[^1];
        for (int at = 0; at < target.Length; at += length)
            Row(source.Slice(at, length), exponentials, target.Slice(at, length));
    }

    private static void ReciprocalOfOnePlus(float[] values)
    {
        for (int i = 0; i < values.Length; i++)
            values[i] = 1 / (1 + values[i]);
    }

    private static short Saturated(int value) => (short)Math.Clamp(value, short.MinValue, short.MaxValue);

    private void Row(ReadOnlySpan<short> codes, Span<short> exponentials, Span<short> target)
    {
        int greatest = short.MinValue, sum = 0;
        foreach (short code in codes)
            greatest = Math.Max(greatest, code);
        for (int i = 0; i < codes.Length; i++)
        {
            exponentials[i] = CodeTable.Interpolate(s_powers, Saturated(_scale.RoundTwice(codes[i] - greatest) + short.MaxValue));
            sum += exponentials[i];
        }

        int headroom = BitOperations.LeadingZeroCount((uint)sum);
        int normal = (int)(((long)sum << headroom >> 1) + (1 << 13) >> 14);
        long reciprocal = CodeTable.Interpolate(s_reciprocals, Saturated(normal - (1 << 15) - (1 << 16)));
        int shift = 31 - headroom;
        for (int i = 0; i < target.Length; i++)
            target[i] = (short)Math.Clamp((exponentials[i] * reciprocal + (1L << (shift - 1))) >> shift, 0, short.MaxValue);
    }
}
