using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>A function of one operand, element by element: what needs no vectors.</summary>
internal sealed class MapStep<TOperand, TResult>(TensorSlot input, TensorSlot output, string kernel, Func<TOperand, TResult> function) : Step
    where TOperand : unmanaged
    where TResult : unmanaged
{
    public override string Kernel => kernel;

    public override void Run(in RunContext context)
    {
        ReadOnlySpan<TOperand> source = context.Read<TOperand>(input);
        Span<TResult> target = context.Write<TResult>(output);
        for (int i = 0; i < target.Length; i++)
            target[i] = function(source[i]);
    }
}
