namespace Quantize.Runtime.Threads;

/// <summary>
/// The parts of one piece of work, dealt out to the members of a team: each takes its own in order, so that neighbouring parts of one step and the next meet in the same
/// cache, and then what the others have not begun. A queue is one word: the generation of the work, the next part, and the end.
/// </summary>
internal sealed class PartQueues(int members)
{
    /// <summary>Parts that fit the word.</summary>
    public const int MostParts = ushort.MaxValue;

    /// <summary>Words between queues, so that no two lie in one cache line or in neighbouring ones.</summary>
    private const int Stride = 16;

    private readonly long[] _queues = new long[(members + 1) * Stride];

    /// <summary>Deals the parts to the first <paramref name="count"/> members.</summary>
    public void Deal(int generation, int parts, int count)
    {
        for (int i = 0; i < count; i++)
            Volatile.Write(ref Queue(i), Word(generation, parts * i / count, parts * (i + 1) / count));
    }

    /// <summary>The next part for the member: its own, or somebody else's; -1 where all are taken, or where this generation is over.</summary>
    public int Take(int member, int generation)
    {
        for (int i = 0; i < members; i++)
        {
            int part = TakeFrom(ref Queue((member + i) % members), generation);
            if (part >= 0)
                return part;
        }

        return -1;
    }

    private static int TakeFrom(ref long queue, int generation)
    {
        while (true)
        {
            long word = Volatile.Read(ref queue);
            int next = (int)(word >> 16) & MostParts, end = (int)word & MostParts;
            if ((int)(word >> 32) != generation || next >= end)
                return -1;
            if (Interlocked.CompareExchange(ref queue, Word(generation, next + 1, end), word) == word)
                return next;
        }
    }

    private static long Word(int generation, int next, int end) => ((long)generation << 32) | ((long)next << 16) | (uint)end;

    private ref long Queue(int member) => ref _queues[(member + 1) * Stride];
}
