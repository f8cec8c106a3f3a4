using System.Numerics;
using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops.Integer;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>Folds of all elements along constant axes.</summary>
internal static class ReduceOperator
{
    public static OperatorDefinition Sum { get; } = Of(BuiltinOperator.Sum, Fold.Sum);

    public static OperatorDefinition Mean { get; } = Of(BuiltinOperator.Mean, Fold.Mean);

    public static OperatorDefinition Prod { get; } = Of(BuiltinOperator.ReduceProd, Fold.Product);

    public static OperatorDefinition Max { get; } = Of(BuiltinOperator.ReduceMax, Fold.Maximum);

    public static OperatorDefinition Min { get; } = Of(BuiltinOperator.ReduceMin, Fold.Minimum);

    public static OperatorDefinition Any { get; } = Of(BuiltinOperator.ReduceAny, Fold.Any);

    public static OperatorDefinition All { get; } = Of(BuiltinOperator.ReduceAll, Fold.All);

    private static OperatorDefinition Of(BuiltinOperator code, Fold fold) => new(code, ReductionShapes.Reduce, context => Prepare(context, fold));

    private static Step Prepare(PrepareContext context, Fold fold)
    {
        TensorSlot input = context.Input(0), output = context.Output(0);
        output.IsNonNegative = input.IsNonNegative;
        if (fold is not (Fold.Maximum or Fold.Minimum) && (fold is Fold.All or Fold.Any) != (input.Type == TensorType.Bool))
            throw context.Fail($"reduces {input.Type}, for which there is no kernel");
        AxisGeometry[] passes = Passes(context, input);
        if (fold is Fold.Mean or Fold.Sum or Fold.Product && IntegerFunction.Applies(context))
            return PrepareCodes(context, fold, passes);
        return input.Type switch
        {
            TensorType.Float32 => new FloatStep(context, fold, passes),
            TensorType.Int8 => new IntegerStep<sbyte>(context, fold, passes),
            TensorType.UInt8 or TensorType.Bool => new IntegerStep<byte>(context, fold, passes),
            TensorType.Int16 => new IntegerStep<short>(context, fold, passes),
            TensorType.UInt16 => new IntegerStep<ushort>(context, fold, passes),
            TensorType.Int32 => new IntegerStep<int>(context, fold, passes),
            TensorType.UInt32 => new IntegerStep<uint>(context, fold, passes),
            TensorType.Int64 => new IntegerStep<long>(context, fold, passes),
            _ => throw context.Fail($"reduces {input.Type}, for which there is no kernel"),
        };
    }

    private static Step PrepareCodes(PrepareContext context, Fold fold, AxisGeometry[] passes) => context.Input(0).Type switch
    {
        TensorType.Int8 when fold == Fold.Mean && IntegerImageMeanStep<sbyte>.Applies(context) => new IntegerImageMeanStep<sbyte>(context),
        TensorType.UInt8 when fold == Fold.Mean && IntegerImageMeanStep<byte>.Applies(context) => new IntegerImageMeanStep<byte>(context),
        TensorType.Int8 => new IntegerReduceStep<sbyte>(context, fold, passes),
        TensorType.UInt8 => new IntegerReduceStep<byte>(context, fold, passes),
        _ => new IntegerReduceStep<short>(context, fold, passes),
    };

    /// <summary>One pass for each run of neighbouring axes, the last run first: each leaves a smaller tensor for the next.</summary>
    private static AxisGeometry[] Passes(PrepareContext context, TensorSlot input)
    {
        int rank = input.Shape.Length;
        HashSet<int> axes = [.. context.Integers(context.Input(1)).Select(axis => (int)(axis < 0 ? axis + rank : axis))];
        int[] shape = [.. input.Shape];
        List<AxisGeometry> passes = [];
        for (int last = rank - 1; last >= 0; last--)
        {
            if (!axes.Contains(last))
                continue;
            int first = last;
            while (first > 0 && axes.Contains(first - 1))
                first--;
            int length = 1, outer = 1, inner = 1;
            for (int d = 0; d < rank; d++)
            {
                if (d < first)
                    outer *= shape[d];
                else if (d <= last)
                    length *= shape[d];
                else
                    inner *= shape[d];
            }

            passes.Add(new AxisGeometry(outer, length, inner));
            for (int d = first; d <= last; d++)
                shape[d] = 1;
            last = first;
        }

        return passes.Count > 0 ? [.. passes] : [new AxisGeometry(input.ElementCount, 1, 1)];
    }

    private sealed class FloatStep : Step
    {
        private readonly TensorSlot _input;
        private readonly TensorSlot _output;
        private readonly TensorSlot?[] _between;
        private readonly AxisGeometry[] _passes;
        private readonly Reduction _reduction;
        private readonly Fold _fold;
        private readonly string _kernel;

        public FloatStep(PrepareContext context, Fold fold, AxisGeometry[] passes)
        {
            _input = context.Input(0);
            _output = context.Output(0);
            _passes = passes;
            _fold = fold;
            _reduction = context.Kernels.Reduction;
            _kernel = $"{context.Kernels.Name} {fold.ToString().ToLowerInvariant()} float";
            _between = [.. passes.SkipLast(1).Select(pass => context.Scratch(checked(pass.Outer * pass.Inner * sizeof(float))))];
        }

        public override string Kernel => _kernel;

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<float> source = context.Read<float>(_input);
            for (int i = 0; i < _passes.Length; i++)
            {
                Span<float> target = i < _between.Length ? context.Write<float>(_between[i]!) : context.Write<float>(_output);
                _reduction.Run(_fold, source, _passes[i], target);
                source = target;
            }
        }
    }

    /// <summary>Integers, and truth values as 0 and 1; sums wrap, means are cut towards zero once at the end.</summary>
    private sealed class IntegerStep<T>(PrepareContext prepare, Fold fold, AxisGeometry[] passes) : Step
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        private readonly TensorSlot _input = prepare.Input(0);
        private readonly TensorSlot _output = prepare.Output(0);
        private readonly TensorSlot _folded = prepare.Scratch(checked(prepare.Input(0).ElementCount * sizeof(long)));

        public override string Kernel => $"{fold.ToString().ToLowerInvariant()} {_input.Type}";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<T> source = context.Read<T>(_input);
            Span<long> folded = context.Write<long>(_folded);
            for (int i = 0; i < source.Length; i++)
                folded[i] = long.CreateTruncating(source[i]);
            long divisor = 1;
            foreach (AxisGeometry pass in passes)
            {
                divisor *= pass.Length;
                Pass(folded, pass);
            }

            Span<T> target = context.Write<T>(_output);
            for (int i = 0; i < target.Length; i++)
                target[i] = T.CreateTruncating(fold == Fold.Mean && divisor != 0 ? folded[i] / divisor : folded[i]);
        }

        /// <summary>In place: a result never stands behind what is still to be read.</summary>
        private void Pass(Span<long> values, AxisGeometry pass)
        {
            for (int outer = 0; outer < pass.Outer; outer++)
            {
                for (int inner = 0; inner < pass.Inner; inner++)
                {
                    long folded = First();
                    for (int k = 0; k < pass.Length; k++)
                        folded = Next(folded, values[(outer * pass.Length + k) * pass.Inner + inner]);
                    values[outer * pass.Inner + inner] = folded;
                }
            }
        }

        private long First() => fold switch
        {
            Fold.Product or Fold.All => 1,
            Fold.Maximum => long.CreateTruncating(T.MinValue),
            Fold.Minimum => long.CreateTruncating(T.MaxValue),
            _ => 0,
        };

        private long Next(long folded, long value) => fold switch
        {
            Fold.Product => unchecked(folded * value),
            Fold.Maximum => Math.Max(folded, value),
            Fold.Minimum => Math.Min(folded, value),
            Fold.Any => folded | value,
            Fold.All => folded & value,
            _ => unchecked(folded + value),
        };
    }
}
