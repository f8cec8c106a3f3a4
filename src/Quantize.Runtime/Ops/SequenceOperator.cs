using System.Numerics;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>RANGE counts, CUMSUM adds up along an axis.</summary>
internal static class SequenceOperator
{
    public static OperatorDefinition Range { get; } = new(BuiltinOperator.Range, InferRange, PrepareRange);

    public static OperatorDefinition Cumsum { get; } = new(BuiltinOperator.Cumsum, ElementwiseShapes.Unary, PrepareCumsum);

    private static void InferRange(ShapeContext context)
    {
        TensorType type = context.Type(0);
        if (type == TensorType.Float32)
        {
            context.Output(0, type, context.Floats(0) is [float from] && context.Floats(1) is [float to] && context.Floats(2) is [float by] ? Shape.Of(Count(context, from, to, by)) : UnknownLength(context));
            return;
        }

        if (context.Values(0) is not [Dimension start] || context.Values(1) is not [Dimension limit] || context.KnownValues(2) is not [int delta])
        {
            context.Output(0, type, UnknownLength(context));
            return;
        }

        if (start.IsKnown && limit.IsKnown)
        {
            int count = Count(context, start.Value, limit.Value, delta);
            context.Output(0, type, Shape.Of(count), [.. Enumerable.Range(0, count).Select(i => (Dimension)(start.Value + i * delta))]);
            return;
        }

        context.Output(0, type, Shape.Of(delta == 1 && start == 0 ? limit : Dimension.Symbol($"range({start},{limit},{delta})")));
    }

    private static Shape UnknownLength(ShapeContext context) => Shape.Of(context.Open("range"));

    private static int Count(ShapeContext context, double start, double limit, double delta)
    {
        if (delta == 0 || (delta > 0 ? start > limit : start < limit))
            throw context.Fail($"counts from {start} to {limit} by {delta}");
        return checked((int)Math.Ceiling(Math.Abs((limit - start) / delta)));
    }

    private static Step PrepareRange(PrepareContext context) => context.Output(0).Type switch
    {
        TensorType.Float32 => new RangeStep<float>(context.Input(0), context.Input(2), context.Output(0)),
        TensorType.Int32 => new RangeStep<int>(context.Input(0), context.Input(2), context.Output(0)),
        TensorType.Int64 => new RangeStep<long>(context.Input(0), context.Input(2), context.Output(0)),
        _ => throw context.Fail($"counts in {context.Output(0).Type}, for which there is no kernel"),
    };

    private static Step PrepareCumsum(PrepareContext context)
    {
        TensorSlot input = context.Input(0);
        var options = context.OptionsAs<CumsumOptions>();
        var geometry = AxisGeometry.Of(input.Shape, context.AxisConstant(1, input.Shape.Length));
        return input.Type switch
        {
            TensorType.Float32 => new CumsumStep<float>(input, context.Output(0), geometry, options),
            TensorType.Int32 => new CumsumStep<int>(input, context.Output(0), geometry, options),
            TensorType.Int64 => new CumsumStep<long>(input, context.Output(0), geometry, options),
            _ => throw context.Fail($"adds up {input.Type}, for which there is no kernel"),
        };
    }

    private sealed class RangeStep<T>(TensorSlot start, TensorSlot delta, TensorSlot output) : Step
        where T : unmanaged, INumber<T>
    {
        public override string Kernel => $"range {output.Type}";

        public override void Run(in RunContext context)
        {
            T first = context.Read<T>(start)[0], by = context.Read<T>(delta)[0];
            Span<T> target = context.Write<T>(output);
            for (int i = 0; i < target.Length; i++)
                target[i] = first + T.CreateTruncating(i) * by;
        }
    }

    private sealed class CumsumStep<T>(TensorSlot input, TensorSlot output, AxisGeometry geometry, CumsumOptions options) : Step
        where T : unmanaged, INumber<T>
    {
        public override string Kernel => $"cumsum {input.Type}";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<T> source = context.Read<T>(input);
            Span<T> target = context.Write<T>(output);
            for (int outer = 0; outer < geometry.Outer; outer++)
            {
                for (int inner = 0; inner < geometry.Inner; inner++)
                {
                    T sum = T.Zero;
                    for (int k = 0; k < geometry.Length; k++)
                    {
                        int step = options.Reverse ? geometry.Length - 1 - k : k;
                        int at = (outer * geometry.Length + step) * geometry.Inner + inner;
                        target[at] = options.Exclusive ? sum : sum + source[at];
                        sum += source[at];
                    }
                }
            }
        }
    }
}
