using System.Diagnostics;

namespace Quantize.Benchmarks.Threads;

/// <summary>
/// How long a cache line takes from one core to another and back: some 50 ns where two cores share a last-level cache, several hundred where they do not. A virtual machine does
/// not tell which, and it changes; what threads win depends on it more than on anything that is cut.
/// </summary>
internal static class CoreDistance
{
    private const int Trips = 20_000;
    private const int Tries = 5;

    /// <summary>Nanoseconds to and fro, the least of several tries.</summary>
    public static double Nanoseconds() => Enumerable.Range(0, Tries).Min(static _ => Try());

    private static double Try()
    {
        long[] ball = new long[64]; // the line in the middle shares nothing with a neighbour
        var partner = new Thread(() => Answer(ref ball[32])) { IsBackground = true };
        partner.Start();
        long start = 0;
        for (int trip = -Trips; trip < Trips; trip++)
        {
            if (trip == 0)
                start = Stopwatch.GetTimestamp();
            Volatile.Write(ref ball[32], 1);
            while (Volatile.Read(ref ball[32]) != 0)
            {
            }
        }

        double time = Stopwatch.GetElapsedTime(start).TotalNanoseconds / Trips;
        Volatile.Write(ref ball[32], -1);
        partner.Join();
        return time;
    }

    private static void Answer(ref long ball)
    {
        long seen;
        while ((seen = Volatile.Read(ref ball)) >= 0)
        {
            if (seen == 1)
                Volatile.Write(ref ball, 0);
        }
    }
}
