using System.Numerics;
using Quantize.Runtime.Format;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>Rows folded by the segment each belongs to; segments nobody belongs to get the fold's neutral element.</summary>
internal static class SegmentOperator
{
    private enum SegmentFold
    {
        Sum,
        Product,
        Maximum,
        Minimum,
    }

    public static OperatorDefinition SegmentSum { get; } = new(BuiltinOperator.SegmentSum, InferSegment, context => Prepare(context, SegmentFold.Sum)) { SizesItself = true };

    public static OperatorDefinition UnsortedSum { get; } = new(BuiltinOperator.UnsortedSegmentSum, InferUnsorted, context => Prepare(context, SegmentFold.Sum));

    public static OperatorDefinition UnsortedProd { get; } = new(BuiltinOperator.UnsortedSegmentProd, InferUnsorted, context => Prepare(context, SegmentFold.Product));

    public static OperatorDefinition UnsortedMax { get; } = new(BuiltinOperator.UnsortedSegmentMax, InferUnsorted, context => Prepare(context, SegmentFold.Maximum));

    public static OperatorDefinition UnsortedMin { get; } = new(BuiltinOperator.UnsortedSegmentMin, InferUnsorted, context => Prepare(context, SegmentFold.Minimum));

    /// <summary>Sorted ids: the last one tells the number of segments, if it is known before the run.</summary>
    private static void InferSegment(ShapeContext context)
    {
        Shape data = context.Shape(0);
        if (!data.HasRank)
        {
            context.Output(0, context.Type(0), Shape.Unknown);
            return;
        }

        Dimension count = context.KnownValues(1) is { } ids ? (ids.Length == 0 ? 0 : ids[^1] + 1) : context.Open("segments");
        context.Output(0, context.Type(0), Shape.Of([count, .. data.Dimensions.Skip(1)]));
    }

    private static void InferUnsorted(ShapeContext context)
    {
        Shape data = context.Shape(0), ids = context.Shape(1);
        if (!data.HasRank || !ids.HasRank)
        {
            context.Output(0, context.Type(0), Shape.Unknown);
            return;
        }

        Dimension count = context.Values(2) is [Dimension known] ? known : context.Open("segments");
        context.Output(0, context.Type(0), Shape.Of([count, .. data.Dimensions.Skip(ids.Rank)]));
    }

    private static Step Prepare(PrepareContext context, SegmentFold fold) => context.Input(0).Type switch
    {
        TensorType.Float32 => new FoldStep<float>(context, fold),
        TensorType.Int32 => new FoldStep<int>(context, fold),
        TensorType.Int64 => new FoldStep<long>(context, fold),
        _ => throw context.Fail($"folds {context.Input(0).Type}, for which there is no kernel"),
    };

    private sealed class FoldStep<T>(PrepareContext prepare, SegmentFold fold) : Step
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        private readonly TensorSlot _data = prepare.Input(0);
        private readonly TensorSlot _ids = prepare.Input(1);
        private readonly TensorSlot _output = prepare.Output(0);

        public override string Kernel => $"segment {fold.ToString().ToLowerInvariant()} {_data.Type}";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<T> data = context.Read<T>(_data);
            ReadOnlySpan<int> ids = context.Read<int>(_ids);
            int row = ids.IsEmpty ? 0 : data.Length / ids.Length;
            Span<T> target = _output.IsRunSized ? Allocate(context, ids) : context.Write<T>(_output);
            int segments = context.Shape(_output)[0];
            target.Fill(Neutral());
            for (int i = 0; i < ids.Length; i++)
            {
                if (ids[i] < 0)
                    continue; // TensorFlow drops rows of a negative segment
                if (ids[i] >= segments)
                    throw new ArgumentOutOfRangeException($"'{_ids.Name}' names segment {ids[i]} of {segments}", (Exception?)null);
                Span<T> folded = target.Slice(ids[i] * row, row);
                for (int k = 0; k < row; k++)
                    folded[k] = Next(folded[k], data[i * row + k]);
            }
        }

        /// <summary>Sorted ids: the last one tells how many segments there are.</summary>
        private Span<T> Allocate(in RunContext context, ReadOnlySpan<int> ids)
        {
            Span<int> shape = stackalloc int[_data.Shape.Length];
            _data.Shape.CopyTo(shape);
            shape[0] = ids.IsEmpty ? 0 : checked(Math.Max(ids[^1], -1) + 1);
            return context.Allocate<T>(_output, shape);
        }

        private T Neutral() => fold switch
        {
            SegmentFold.Product => T.One,
            SegmentFold.Maximum => T.MinValue,
            SegmentFold.Minimum => T.MaxValue,
            _ => T.Zero,
        };

        private T Next(T folded, T value) => fold switch
        {
            SegmentFold.Product => folded * value,
            SegmentFold.Maximum => T.Max(folded, value),
            SegmentFold.Minimum => T.Min(folded, value),
            _ => folded + value,
        };
    }
}
