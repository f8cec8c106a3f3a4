namespace Quantize.Runtime.Threads;

/// <summary>Into how many parts it pays to cut work. Work is told in multiply-adds of a float product, some 20 to 50 of which take a nanosecond.</summary>
internal static class Cutting
{
    /// <summary>What an element costs that is read, changed a little and written.</summary>
    public const int WorkOfElement = 8;

    /// <summary>More than one evens out what else the machine does meanwhile; each more fetches once more what all parts read.</summary>
    private const int PartsOfMember = 2;

    /// <summary>Less than this is done before another thread has noticed.</summary>
    private const long SmallestPart = 1 << 17;

    /// <summary>Parts that a phase never exceeds.</summary>
    public static int MostParts(int threads) => threads * PartsOfMember;

    /// <summary>Parts of so much work, of which <paramref name="units"/> cannot be cut further; 1 where it stays with the caller.</summary>
    public static int Parts(long work, int units, int members)
    {
        if (members == 1)
            return 1;
        long parts = Math.Min(Math.Min(units, work / SmallestPart), MostParts(members));
        return (int)Math.Max(1, parts > members ? parts - parts % members : parts);
    }
}
