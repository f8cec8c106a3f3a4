using System.Numerics;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>L2_NORMALIZATION of 8-bit codes over the last dimension, to steps of 1/128: of uint8 before the product is rounded, of int8 with it.</summary>
internal sealed class IntegerL2NormStep<T>(PrepareContext context) : Step
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    private const int OutputBits = 7;

    private readonly TensorSlot _input = context.Input(0);
    private readonly TensorSlot _output = context.Output(0);
    private readonly int _from = TensorScale.Of(context.Input(0), context).ZeroPoint;
    private readonly int _to = TensorScale.Of(context.Output(0), context).ZeroPoint;

    public override string Kernel => $"l2 normalization {_input.Type}";

    public override void Run(in RunContext context)
    {
        ReadOnlySpan<T> source = context.Read<T>(_input);
        Span<T> target = context.Write<T>(_output);
        int length = _input.Shape[^1];
        for (int at = 0; at < target.Length; at += length)
        {
            int squares = 0;
            foreach (T code in source.Slice(at, length))
                squares += (int.CreateTruncating(code) - _from) * (int.CreateTruncating(code) - _from);
            FixedPointMultiplier inverse = FixedPointReciprocal.InverseRoot(squares);
            if (typeof(T) == typeof(sbyte))
                inverse = inverse with { Shift = inverse.Shift + OutputBits };
            int headroom = typeof(T) == typeof(sbyte) ? 0 : OutputBits;
            for (int i = at; i < at + length; i++)
                target[i] = T.CreateSaturating(inverse.RoundTwice((int.CreateTruncating(source[i]) - _from) << headroom) + _to);
        }
    }
}
