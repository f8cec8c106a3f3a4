using System.Numerics;
using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>ARG_MAX and ARG_MIN: the first position of the extreme along one axis.</summary>
internal static class ArgExtremeOperator
{
    public static OperatorDefinition Max { get; } = new(BuiltinOperator.ArgMax, ReductionShapes.ArgMax, context => Prepare(context, greatest: true));

    public static OperatorDefinition Min { get; } = new(BuiltinOperator.ArgMin, ReductionShapes.ArgMin, context => Prepare(context, greatest: false));

    private static Step Prepare(PrepareContext context, bool greatest)
    {
        TensorSlot input = context.Input(0);
        int axis = context.AxisConstant(1, input.Shape.Length);
        var geometry = AxisGeometry.Of(input.Shape, axis);
        if (geometry.Length == 0 && context.Output(0).ElementCount > 0)
            throw context.Fail($"looks for an extreme in {input}, which has none along axis {axis}");
        return input.Type switch
        {
            TensorType.Float32 => new ArgStep<float>(input, context.Output(0), geometry, greatest),
            TensorType.Int32 => new ArgStep<int>(input, context.Output(0), geometry, greatest),
            TensorType.Int64 => new ArgStep<long>(input, context.Output(0), geometry, greatest),
            TensorType.Int16 => new ArgStep<short>(input, context.Output(0), geometry, greatest),
            TensorType.Int8 => new ArgStep<sbyte>(input, context.Output(0), geometry, greatest),
            TensorType.UInt8 or TensorType.Bool => new ArgStep<byte>(input, context.Output(0), geometry, greatest),
            _ => throw context.Fail($"has {input.Type} input, for which there is no kernel"),
        };
    }

    private sealed class ArgStep<T>(TensorSlot input, TensorSlot output, AxisGeometry geometry, bool greatest) : Step
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        public override string Kernel => $"{(greatest ? "argmax" : "argmin")} {input.Type}";

        public override void Run(in RunContext context)
        {
            if (output.Type == TensorType.Int64)
                Run<long>(context.Read<T>(input), context.Write<long>(output));
            else
                Run<int>(context.Read<T>(input), context.Write<int>(output));
        }

        private void Run<TIndex>(ReadOnlySpan<T> values, Span<TIndex> positions)
            where TIndex : unmanaged, INumber<TIndex>
        {
            for (int outer = 0, at = 0; outer < geometry.Outer; outer++)
            {
                for (int inner = 0; inner < geometry.Inner; inner++, at++)
                    positions[at] = TIndex.CreateTruncating(Position(values, outer * geometry.Length * geometry.Inner + inner));
            }
        }

        /// <summary>NaN is never the extreme; where nothing is, it is the first.</summary>
        private int Position(ReadOnlySpan<T> values, int start)
        {
            int best = 0;
            T extreme = greatest ? T.MinValue : T.MaxValue;
            for (int i = 0; i < geometry.Length; i++)
            {
                T value = values[start + i * geometry.Inner];
                if (greatest ? value > extreme : value < extreme)
                    (best, extreme) = (i, value);
            }

            return best;
        }
    }
}
