using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Threads;

namespace Quantize.Runtime.Ops;

/// <summary>The range of one item's activations, found in parts: each notes its own, and who needs the whole one folds them. The least and the greatest do not depend on the order.</summary>
internal sealed class SharedRange(PrepareContext context, int copies)
{
    private readonly int _parts = Cutting.MostParts(copies == 1 ? context.Threads : 1);
    private readonly MemberScratch _ranges = new(context, Cutting.MostParts(copies == 1 ? context.Threads : 1) * 2 * sizeof(float), copies);

    /// <summary>Notes the range of a part's values.</summary>
    public void Note(in RunContext context, in Part part, (float Minimum, float Maximum) range)
    {
        Span<float> ranges = _ranges.Of<float>(context, part.Member);
        int end = part.Index == part.Count - 1 ? _parts : part.Index + 1; // the last one fills what no part has
        for (int i = part.Index; i < end; i++)
            (ranges[2 * i], ranges[2 * i + 1]) = range;
    }

    /// <summary>NaN where one of them is.</summary>
    public (float Minimum, float Maximum) Whole(in RunContext context, int copy)
    {
        Span<float> ranges = _ranges.Of<float>(context, copy);
        (float minimum, float maximum) = (ranges[0], ranges[1]);
        for (int i = 1; i < _parts; i++)
            (minimum, maximum) = (MathF.Min(minimum, ranges[2 * i]), MathF.Max(maximum, ranges[2 * i + 1]));
        return (minimum, maximum);
    }
}
