using Quantize.Runtime.Format;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>BROADCAST_ARGS: the shape that two shapes, given as vectors, broadcast to.</summary>
internal static class BroadcastArgsOperator
{
    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.BroadcastArgs, LayoutShapes.BroadcastArgs, Prepare);

    private static ValueStep Prepare(PrepareContext context)
    {
        LayoutShapes.BroadcastArgs(context.Shapes); // refuses what does not broadcast
        long[] a = context.Integers(context.Input(0)), b = context.Integers(context.Input(1));
        var result = new long[Math.Max(a.Length, b.Length)];
        for (int i = 1; i <= result.Length; i++)
        {
            long x = i <= a.Length ? a[^i] : 1, y = i <= b.Length ? b[^i] : 1;
            result[^i] = x == 1 ? y : x;
        }

        return new ValueStep(result, context.Output(0));
    }

    private sealed class ValueStep(long[] values, TensorSlot output) : Step
    {
        public override string Kernel => "broadcast args";

        public override void Run(in RunContext context)
        {
            for (int i = 0; i < values.Length; i++)
            {
                if (output.Type == TensorType.Int64)
                    context.Write<long>(output)[i] = values[i];
                else
                    context.Write<int>(output)[i] = (int)values[i];
            }
        }
    }
}
