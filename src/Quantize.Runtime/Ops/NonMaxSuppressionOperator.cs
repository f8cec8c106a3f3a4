using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>
/// NON_MAX_SUPPRESSION_V4 and V5: of boxes [count, 4] (two opposite corners y, x, y, x) those with the best scores that do not overlap a better one too much; V5 may
/// lower scores of overlapping ones instead (soft suppression). Outputs are filled up with zeros to the greatest number asked for.
/// </summary>
internal static class NonMaxSuppressionOperator
{
    public static OperatorDefinition V4 { get; } = new(BuiltinOperator.NonMaxSuppressionV4, context => Infer(context, scores: false), context => new SuppressStep(context, sigma: null, scores: null, context.Output(1)));

    public static OperatorDefinition V5 { get; } = new(
        BuiltinOperator.NonMaxSuppressionV5, context => Infer(context, scores: true), context => new SuppressStep(context, context.Input(5), context.Output(1), context.Output(2)));

    private static void Infer(ShapeContext context, bool scores)
    {
        Dimension most = context.Values(2) is [Dimension asked] ? asked : context.Open("selected");
        if (most.IsKnown && most.Value < 0)
            throw context.Fail($"selects at most {most} boxes");
        context.Output(0, TensorType.Int32, Shape.Of(most));
        if (scores)
            context.Output(1, TensorType.Float32, Shape.Of(most));
        context.Output(scores ? 2 : 1, TensorType.Int32, Shape.Scalar);
    }

    private sealed class SuppressStep : Step
    {
        private readonly TensorSlot _boxes;
        private readonly TensorSlot _scores;
        private readonly TensorSlot _overlap;
        private readonly TensorSlot _threshold;
        private readonly TensorSlot? _sigma;
        private readonly TensorSlot _selected;
        private readonly TensorSlot? _selectedScores;
        private readonly TensorSlot _count;
        private readonly TensorSlot _heap;

        public SuppressStep(PrepareContext context, TensorSlot? sigma, TensorSlot? scores, TensorSlot count)
        {
            (_boxes, _scores, _overlap, _threshold, _sigma) = (context.Input(0), context.Input(1), context.Input(3), context.Input(4), sigma);
            (_selected, _selectedScores, _count) = (context.Output(0), scores, count);
            if (_boxes.Type != TensorType.Float32 || _scores.Type != TensorType.Float32 || _boxes.Shape is not [int boxes, 4] || _scores.ElementCount != boxes)
                throw context.Fail($"suppresses {_boxes} by {_scores}");
            _heap = context.Scratch(boxes * BoxSuppression.CandidateBytes);
        }

        public override string Kernel => "non max suppression";

        public override void Run(in RunContext context)
        {
            var suppression = new BoxSuppression(context.Read<float>(_boxes), context.Write<byte>(_heap))
            {
                MostOverlap = context.Read<float>(_overlap)[0],
                ScoreThreshold = context.Read<float>(_threshold)[0],
                Sigma = _sigma is null ? 0 : context.Read<float>(_sigma)[0],
            };
            Span<int> selected = context.Write<int>(_selected);
            Span<float> scores = _selectedScores is null ? default : context.Write<float>(_selectedScores);
            int count = suppression.Select(context.Read<float>(_scores), selected, scores);
            selected[count..].Clear();
            scores[Math.Min(count, scores.Length)..].Clear();
            context.Write<int>(_count)[0] = count;
        }
    }
}
