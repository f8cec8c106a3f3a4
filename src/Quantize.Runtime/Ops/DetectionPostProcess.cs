using System.Runtime.CompilerServices;
using Quantize.Runtime.Kernels;

namespace Quantize.Runtime.Ops;

/// <summary>
/// TFLite_Detection_PostProcess, the end of SSD detectors: box encodings [1, count, 4] relative to anchors [count, 4] (center and size) and scores [1, count, classes]
/// to the best boxes that do not overlap. Outputs: corners [1, most, 4], classes and scores [1, most], and how many there are [1].
/// </summary>
internal sealed class DetectionPostProcess
{
    private readonly DetectionOptions _options;
    private readonly CustomNumbers[] _inputs;
    private readonly int[] _numbers;
    private readonly int _candidates;
    private readonly int _kept;

    private DetectionPostProcess(CustomOperatorContext context)
    {
        _options = new DetectionOptions(context, context.FlexOptions);
        _options.Check();
        _inputs = [new CustomNumbers(context, 0), new CustomNumbers(context, 1), new CustomNumbers(context, 2)];
        int slots = checked(_options.MostDetections * _options.ClassesPerDetection);
        context.SetOutputShape(0, 1, slots, 4);
        context.SetOutputShape(1, 1, slots);
        context.SetOutputShape(2, 1, slots);
        context.SetOutputShape(3, 1);
        int encodings = checked(_options.Boxes * context.InputShape(0)[2]);
        _numbers = [Floats(context, encodings), Floats(context, checked(_options.Boxes * _options.ScoredClasses)), Floats(context, _options.Boxes * 4)];
        _candidates = context.AddScratch(checked(_options.Boxes * Unsafe.SizeOf<Detection>()));
        _kept = context.AddScratch(checked((_options.MostDetections + _options.MostPerClass) * Unsafe.SizeOf<Detection>()));
    }

    public static CustomOperator Operator { get; } = new("TFLite_Detection_PostProcess", context => new DetectionPostProcess(context).Run);

    private static int Floats(CustomOperatorContext context, int count) => context.AddScratch(checked(count * sizeof(float)));

    private void Run(CustomRun run)
    {
        for (int i = 0; i < _inputs.Length; i++)
            _inputs[i].Read(run, run.Scratch<float>(_numbers[i]));
        Span<float> boxes = run.Scratch<float>(_numbers[2]);
        Decode(run.Scratch<float>(_numbers[0]), boxes);
        for (int output = 0; output < 3; output++)
            run.Output<float>(output).Clear();
        run.Output<float>(3)[0] = _options.EveryClassAlone ? SelectByClass(run, boxes) : SelectByBox(run, boxes);
    }

    /// <summary>In place of the anchors (center y, x, height, width) the corners (y, x, y, x) of the boxes.</summary>
    private void Decode(ReadOnlySpan<float> encodings, Span<float> boxes)
    {
        int length = _options.Boxes == 0 ? 0 : encodings.Length / _options.Boxes;
        float[] scales = _options.Scales;
        for (int i = 0; i < _options.Boxes; i++)
        {
            ReadOnlySpan<float> encoding = encodings.Slice(i * length, length);
            Span<float> box = boxes.Slice(i * 4, 4);
            float y = encoding[0] / scales[0] * box[2] + box[0], x = encoding[1] / scales[1] * box[3] + box[1];
            float halfHeight = 0.5f * MathF.Exp(encoding[2] / scales[2]) * box[2], halfWidth = 0.5f * MathF.Exp(encoding[3] / scales[3]) * box[3];
            (box[0], box[1], box[2], box[3]) = (y - halfHeight, x - halfWidth, y + halfHeight, x + halfWidth);
        }
    }

    /// <summary>Each box competes once, by its best class; the others that it gives count too.</summary>
    private int SelectByBox(in CustomRun run, ReadOnlySpan<float> boxes)
    {
        Span<Detection> candidates = run.Scratch<Detection>(_candidates), kept = run.Scratch<Detection>(_kept);
        int count = 0;
        for (int box = 0; box < _options.Boxes; box++)
        {
            ReadOnlySpan<float> scores = Scores(run, box);
            int best = Best(scores, below: float.PositiveInfinity, after: -1);
            if (scores[best] >= _options.ScoreThreshold)
                candidates[count++] = new Detection(scores[best], 0, box);
        }

        int selected = Select(boxes, candidates[..count], kept[.._options.MostDetections]), written = 0;
        foreach (Detection detection in kept[..selected])
        {
            ReadOnlySpan<float> scores = Scores(run, detection.Box);
            (float score, int at) = (float.PositiveInfinity, -1);
            for (int i = 0; i < Math.Min(_options.ClassesPerDetection, _options.Classes) && written < _options.MostDetections; i++)
            {
                at = Best(scores, score, at);
                score = scores[at];
                Write(run, boxes, new Detection(score, at, detection.Box), written++);
            }
        }

        return written;
    }

    /// <summary>Each class by itself, and the best of all.</summary>
    private int SelectByClass(in CustomRun run, ReadOnlySpan<float> boxes)
    {
        Span<Detection> candidates = run.Scratch<Detection>(_candidates), kept = run.Scratch<Detection>(_kept);
        int selected = 0;
        for (int c = 0; c < _options.Classes; c++)
        {
            int count = 0;
            for (int box = 0; box < _options.Boxes; box++)
            {
                float score = Scores(run, box)[c];
                if (score >= _options.ScoreThreshold)
                    candidates[count++] = new Detection(score, c, box);
            }

            selected += Select(boxes, candidates[..count], kept.Slice(selected, _options.MostPerClass));
            kept[..selected].Sort(Detection.BestFirst);
            selected = Math.Min(selected, _options.MostDetections);
        }

        for (int i = 0; i < selected; i++)
            Write(run, boxes, kept[i], i);
        return selected;
    }

    /// <summary>The best candidates of which none overlaps a better one too much.</summary>
    private int Select(ReadOnlySpan<float> boxes, Span<Detection> candidates, Span<Detection> selected)
    {
        candidates.Sort(Detection.BestFirst);
        int count = 0;
        foreach (Detection candidate in candidates)
        {
            if (count == selected.Length)
                break;
            bool isFree = true;
            for (int i = 0; isFree && i < count; i++)
                isFree = BoxSuppression.Overlap(boxes.Slice(selected[i].Box * 4, 4), boxes.Slice(candidate.Box * 4, 4)) <= _options.MostOverlap;
            if (isFree)
                selected[count++] = candidate;
        }

        return count;
    }

    private ReadOnlySpan<float> Scores(in CustomRun run, int box) =>
        run.Scratch<float>(_numbers[1]).Slice((box + 1) * _options.ScoredClasses - _options.Classes, _options.Classes);

    /// <summary>The position of the greatest score that comes behind the one of that score and position.</summary>
    private static int Best(ReadOnlySpan<float> scores, float below, int after)
    {
        int best = -1;
        for (int i = 0; i < scores.Length; i++)
        {
            bool comes = scores[i] < below || (scores[i] == below && i > after);
            if (comes && (best < 0 || scores[i] > scores[best]))
                best = i;
        }

        return Math.Max(best, 0);
    }

    private static void Write(in CustomRun run, ReadOnlySpan<float> boxes, Detection detection, int at)
    {
        boxes.Slice(detection.Box * 4, 4).CopyTo(run.Output<float>(0)[(at * 4)..]);
        run.Output<float>(1)[at] = detection.Class;
        run.Output<float>(2)[at] = detection.Score;
    }
}
