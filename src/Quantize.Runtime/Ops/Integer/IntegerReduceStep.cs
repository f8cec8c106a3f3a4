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
        _folded = context.Scratch(checked((_input.ElementCount + (fold == Fold.Product ? _output.ElementCount : 0)) * sizeof(long)));
        long count = passes.Aggregate(1L, (all, pass) => all * pass.Length);
        _ratio = _from.Scale / _to.Scale;
        _multiplier = fold switch
        {
            Fold.Product => FixedPointMultiplier.Of(_from.Scale / Math.Pow(_to.Scale, 1.0 / count)),
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
        Span<T> target = context.Write<T>(_output);
        if (_fold == Fold.Product)
            Multiply(folded, folded[source.Length..], target.Length);
        else
            Sum(folded);
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
    private void Sum(Span<long> values)
    {
        foreach (AxisGeometry pass in _passes)
        {
            for (int outer = 0; outer < pass.Outer; outer++)
            {
                for (int inner = 0; inner < pass.Inner; inner++)
                    values[outer * pass.Inner + inner] = Sum(values[(outer * pass.Length * pass.Inner + inner)..], pass);
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

    /// <summary>Each product in the order of the input's elements: it is rounded at every factor, so that another order gives another code. The results move to the front.</summary>
    private void Multiply(Span<long> factors, Span<long> products, int count)
    {
        const long None = long.MinValue;
        products[..count].Fill(None);
        for (int i = 0; i < factors.Length - count; i++)
        {
            ref long product = ref products[Place(i)];
            product = product == None ? factors[i] : _multiplier.RoundLong(product * factors[i]);
        }

        for (int i = 0; i < count; i++)
            factors[i] = products[i] == None ? 1 : products[i];
    }

    /// <summary>The result that an element of the input counts in.</summary>
    private int Place(int element)
    {
        foreach (AxisGeometry pass in _passes)
            element = element / (pass.Length * pass.Inner) * pass.Inner + element % pass.Inner;
        return element;
    }
}
