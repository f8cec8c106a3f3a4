using System.Numerics;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>
/// MEAN, SUM and REDUCE_PROD of codes: exact sums in 64 bits, brought to the output's scale at the end (a SUM's in floats); products are brought to it step by step.
/// </summary>
internal sealed class IntegerReduceStep<T> : Step
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    private readonly TensorSlot _input;
    private readonly TensorSlot _output;
    private readonly TensorSlot _folded;
    private readonly TensorScale _from;
    private readonly TensorScale _to;
    private readonly AxisGeometry[] _passes;
    private readonly FixedPointMultiplier _multiplier;
    private readonly float _ratio;
    private readonly Fold _fold;

    public IntegerReduceStep(PrepareContext context, Fold fold, AxisGeometry[] passes)
    {
        (_input, _output, _fold, _passes) = (context.Input(0), context.Output(0), fold, passes);
        (_from, _to) = (TensorScale.Of(_input, context), TensorScale.Of(_output, context));
        _folded = context.Scratch(checked(_input.ElementCount * sizeof(long)));
        long count = passes.Aggregate(1L, (all, pass) => all * pass.Length);
        _ratio = _from.Scale / _to.Scale;
        _multiplier = fold switch
        {
            Fold.Product => FixedPointMultiplier.Of(Math.Pow(Math.Pow(_from.Scale, count) / _to.Scale, 1.0 / count)),
            _ => Divided(FixedPointMultiplier.Of((double)_from.Scale / _to.Scale), count),
        };
    }

    public override string Kernel => $"{_fold.ToString().ToLowerInvariant()} {_input.Type}";

    public override void Run(in RunContext context)
    {
        ReadOnlySpan<T> source = context.Read<T>(_input);
        Span<long> folded = context.Write<long>(_folded);
        for (int i = 0; i < source.Length; i++)
            folded[i] = long.CreateTruncating(source[i]) - _from.ZeroPoint;
        foreach (AxisGeometry pass in _passes)
            Pass(folded, pass);
        Span<T> target = context.Write<T>(_output);
        for (int i = 0; i < target.Length; i++)
            target[i] = T.CreateSaturating(Rescaled(folded[i]) + _to.ZeroPoint);
    }

    /// <summary>The factor divided by the count with as many bits as stay exact.</summary>
    private static FixedPointMultiplier Divided(FixedPointMultiplier factor, long count)
    {
        if (count <= 0)
            return factor;
        int shift = Math.Min(Math.Min(63 - BitOperations.LeadingZeroCount((ulong)count), 32), 31 + factor.Shift);
        return new FixedPointMultiplier((int)(((long)factor.Mantissa << shift) / count), factor.Shift - shift);
    }

    private long Rescaled(long value) => _fold switch
    {
        Fold.Product => _multiplier.RoundLong(value),
        Fold.Sum => (long)MathF.Round(value * _ratio, MidpointRounding.AwayFromZero),
        _ => _multiplier.RoundTwice(unchecked((int)value)),
    };

    /// <summary>In place: a result never stands behind what is still to be read.</summary>
    private void Pass(Span<long> values, AxisGeometry pass)
    {
        for (int outer = 0; outer < pass.Outer; outer++)
        {
            for (int inner = 0; inner < pass.Inner; inner++)
            {
                ReadOnlySpan<long> run = values[(outer * pass.Length * pass.Inner + inner)..];
                values[outer * pass.Inner + inner] = _fold == Fold.Product ? Product(run, pass) : Sum(run, pass);
            }
        }
    }

    private static long Sum(ReadOnlySpan<long> run, AxisGeometry pass)
    {
        long sum = 0;
        for (int k = 0; k < pass.Length; k++)
            sum += run[k * pass.Inner];
        return sum;
    }

    private long Product(ReadOnlySpan<long> run, AxisGeometry pass)
    {
        long product = pass.Length == 0 ? 1 : run[0];
        for (int k = 1; k < pass.Length; k++)
            product = _multiplier.RoundLong(product * run[k * pass.Inner]);
        return product;
    }
}
