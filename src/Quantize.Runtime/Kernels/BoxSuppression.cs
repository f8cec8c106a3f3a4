using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Quantize.Runtime.Kernels;

/// <summary>
/// Takes boxes by falling score and leaves out those that overlap a taken one. With a sigma, a box's score falls with each overlap (Bodla et al. 2017) and the box
/// waits for its new turn. Equal scores go by position.
/// </summary>
internal ref struct BoxSuppression
{
    private readonly ReadOnlySpan<float> _boxes;
    private readonly Span<Candidate> _heap;
    private int _waiting;

    /// <param name="boxes">[count, 4]: two opposite corners, y and x each.</param>
    /// <param name="memory"><see cref="CandidateBytes"/> for each box.</param>
    public BoxSuppression(ReadOnlySpan<float> boxes, Span<byte> memory)
    {
        _boxes = boxes;
        _heap = MemoryMarshal.Cast<byte, Candidate>(memory);
    }

    public static int CandidateBytes => Unsafe.SizeOf<Candidate>();

    /// <summary>Intersection over union from which on a box is left out. Where scores fall, 1 leaves out none.</summary>
    public required float MostOverlap { get; init; }

    /// <summary>Boxes with this score or a lower one are never taken.</summary>
    public required float ScoreThreshold { get; init; }

    /// <summary>0 for hard suppression.</summary>
    public required float Sigma { get; init; }

    /// <summary>Fills <paramref name="selected"/> and, where there is room, their scores; gives how many.</summary>
    public int Select(ReadOnlySpan<float> scores, Span<int> selected, Span<float> selectedScores)
    {
        _waiting = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            if (scores[i] > ScoreThreshold)
                Push(new Candidate(i, scores[i], 0));
        }

        int count = 0;
        while (count < selected.Length && _waiting > 0)
        {
            Candidate best = Pop();
            float score = Remaining(best, selected[..count]);
            if (score == best.Score)
            {
                selected[count] = best.Box;
                if (count < selectedScores.Length)
                    selectedScores[count] = score;
                count++;
            }
            else if (score > ScoreThreshold)
            {
                Push(new Candidate(best.Box, score, count));
            }
        }

        return count;
    }

    /// <summary>The candidate's score after its overlaps with what was taken since it was looked at last; minus infinity where it is left out.</summary>
    private readonly float Remaining(Candidate candidate, ReadOnlySpan<int> selected)
    {
        float score = candidate.Score;
        for (int i = selected.Length - 1; i >= candidate.Compared; i--)
        {
            float overlap = Overlap(_boxes.Slice(candidate.Box * 4, 4), _boxes.Slice(selected[i] * 4, 4));
            if (overlap >= MostOverlap && !(Sigma > 0 && MostOverlap >= 1))
                return float.NegativeInfinity;
            if (Sigma > 0)
                score *= MathF.Exp(-0.5f / Sigma * overlap * overlap);
            if (score <= ScoreThreshold)
                return float.NegativeInfinity;
        }

        return score;
    }

    /// <summary>Intersection over union; 0 where a box has no area.</summary>
    public static float Overlap(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float top = MathF.Max(MathF.Min(a[0], a[2]), MathF.Min(b[0], b[2])), bottom = MathF.Min(MathF.Max(a[0], a[2]), MathF.Max(b[0], b[2]));
        float left = MathF.Max(MathF.Min(a[1], a[3]), MathF.Min(b[1], b[3])), right = MathF.Min(MathF.Max(a[1], a[3]), MathF.Max(b[1], b[3]));
        float areaA = MathF.Abs((a[2] - a[0]) * (a[3] - a[1])), areaB = MathF.Abs((b[2] - b[0]) * (b[3] - b[1]));
        if (areaA <= 0 || areaB <= 0)
            return 0;
        float intersection = MathF.Max(bottom - top, 0) * MathF.Max(right - left, 0);
        return intersection / (areaA + areaB - intersection);
    }

    private void Push(Candidate candidate)
    {
        int at = _waiting++;
        while (at > 0 && candidate.StandsBefore(_heap[(at - 1) / 2]))
        {
            _heap[at] = _heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }

        _heap[at] = candidate;
    }

    private Candidate Pop()
    {
        Candidate best = _heap[0], last = _heap[--_waiting];
        int at = 0;
        for (int child = 1; child < _waiting; child = 2 * at + 1)
        {
            if (child + 1 < _waiting && _heap[child + 1].StandsBefore(_heap[child]))
                child++;
            if (!_heap[child].StandsBefore(last))
                break;
            _heap[at] = _heap[child];
            at = child;
        }

        _heap[at] = last;
        return best;
    }

    /// <summary>A box that waits, its score so far, and how many of the taken boxes it was compared with.</summary>
    private readonly record struct Candidate(int Box, float Score, int Compared)
    {
        public bool StandsBefore(Candidate other) => Score > other.Score || (Score == other.Score && Box < other.Box);
    }
}
