using System.Numerics;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>Codes of one scale as codes of another, clamped: QUANTIZE from codes, RELU and its like.</summary>
internal sealed class RescaleStep<TSource, TTarget>(PrepareContext context, CodeRange range, string name) : Step
    where TSource : unmanaged, IBinaryInteger<TSource>
    where TTarget : unmanaged, IBinaryInteger<TTarget>
{
    private readonly TensorSlot _input = context.Input(0);
    private readonly TensorSlot _output = context.Output(0);
    private readonly TensorScale _from = TensorScale.Of(context.Input(0), context);
    private readonly TensorScale _to = TensorScale.Of(context.Output(0), context);
    private readonly FixedPointMultiplier _multiplier =
        FixedPointMultiplier.Of((double)TensorScale.Of(context.Input(0), context).Scale / TensorScale.Of(context.Output(0), context).Scale);

    public override string Kernel => $"{name} {_input.Type} to {_output.Type}";

    public override void Run(in RunContext context)
    {
        ReadOnlySpan<TSource> source = context.Read<TSource>(_input);
        Span<TTarget> target = context.Write<TTarget>(_output);
        for (int i = 0; i < target.Length; i++)
            target[i] = Code(int.CreateTruncating(source[i]));
    }

    public TTarget Code(int code) => TTarget.CreateTruncating(Math.Clamp((long)_multiplier.RoundTwice(code - _from.ZeroPoint) + _to.ZeroPoint, range.Minimum, range.Maximum));
}
