using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>A function of two operands, broadcast to each other, element by element: what needs no vectors.</summary>
internal sealed class ZipStep<TLeft, TRight, TResult>(PrepareContext prepare, string kernel, Func<TLeft, TRight, TResult> function) : Step
    where TLeft : unmanaged
    where TRight : unmanaged
    where TResult : unmanaged
{
    private readonly TensorSlot _a = prepare.Input(0);
    private readonly TensorSlot _b = prepare.Input(1);
    private readonly TensorSlot _output = prepare.Output(0);
    private readonly BroadcastGeometry _geometry = new(prepare.Input(0).Shape, prepare.Input(1).Shape, prepare.Output(0).Shape);

    public override string Kernel => kernel;

    public override void Run(in RunContext context)
    {
        ReadOnlySpan<TLeft> a = context.Read<TLeft>(_a);
        ReadOnlySpan<TRight> b = context.Read<TRight>(_b);
        Span<TResult> target = context.Write<TResult>(_output);
        if (target.IsEmpty)
            return;
        if (target.Length == 1)
        {
            target[0] = function(a[0], b[0]);
            return;
        }

        int stepA = _geometry.LengthA == 1 ? 0 : 1, stepB = _geometry.LengthB == 1 ? 0 : 1;
        for (int row = 0; row < _geometry.Rows; row++)
        {
            (int atA, int atB) = _geometry.Offsets(row);
            Span<TResult> results = target.Slice(row * _geometry.RowLength, _geometry.RowLength);
            for (int i = 0; i < results.Length; i++)
                results[i] = function(a[atA + i * stepA], b[atB + i * stepB]);
        }
    }
}
