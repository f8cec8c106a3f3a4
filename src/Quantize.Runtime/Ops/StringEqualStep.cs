using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>EQUAL and NOT_EQUAL of strings, byte by byte, with broadcasting.</summary>
internal sealed class StringEqualStep(PrepareContext prepare, bool whenEqual) : Step
{
    private readonly TensorSlot _a = prepare.Input(0);
    private readonly TensorSlot _b = prepare.Input(1);
    private readonly TensorSlot _output = prepare.Output(0);
    private readonly StridedWalk _walk = StridedWalk.Broadcast(prepare.Output(0).Shape, prepare.Input(0).Shape, prepare.Input(1).Shape);

    public override string Kernel => whenEqual ? "equal strings" : "different strings";

    public override void Run(in RunContext context)
    {
        Span<bool> target = context.Write<bool>(_output);
        Span<int> at = stackalloc int[StridedWalk.MaximumOperands];
        Span<int> index = stackalloc int[StridedWalk.MaximumRank];
        _walk.Start(at, index);
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = context.StringAt(_a, at[0]).SequenceEqual(context.StringAt(_b, at[1])) == whenEqual;
            _walk.Next(at, index);
        }
    }
}
