using System.Diagnostics;

namespace Quantize.Benchmarks;

/// <summary>
/// Times contenders in turn, a block of at least 50 ms each, round after round: what disturbs the machine for a while disturbs all of them.
/// </summary>
internal static class InterleavedTimer
{
    private const double BlockNanoseconds = 50e6;

    private static readonly TimeSpan _warmup = TimeSpan.FromSeconds(8); // on one core, the last hot method is compiled for good after 5 to 7
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(200); // longer than the compiler waits for calls to settle

    /// <summary>Nanoseconds of one run, for each contender and round.</summary>
    public static double[][] Measure(IReadOnlyList<Action> runs, int rounds, Action<int>? finished = null)
    {
        WarmUp(runs);
        int[] counts = [.. runs.Select(BlockLength)];
        double[][] times = [.. runs.Select(_ => new double[rounds])];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < runs.Count; i++)
            {
                int contender = round % 2 == 0 ? i : runs.Count - 1 - i; // nobody is always the first after somebody
                times[contender][round] = Block(runs[contender], counts[contender]) / counts[contender];
            }

            finished?.Invoke(round);
        }

        return times;
    }

    /// <summary>Nanoseconds of single runs, each after all caches were filled with something else.</summary>
    public static double[] Cold(Action run, int count)
    {
        var others = new byte[128 << 20];
        double[] times = new double[count];
        for (int i = 0; i < count; i++)
        {
            others.AsSpan().Fill((byte)i);
            times[i] = Block(run, 1);
        }

        return times;
    }

    /// <summary>Runs all, with pauses in which a compiler that has only this core gets it: before that, a median is one of code still on its way.</summary>
    public static void WarmUp(IReadOnlyList<Action> runs)
    {
        var elapsed = Stopwatch.StartNew();
        while (elapsed.Elapsed < _warmup)
        {
            foreach (Action run in runs)
                Block(run, BlockLength(run));
            Thread.Sleep(_pause);
        }
    }

    /// <summary>Runs that fill a block.</summary>
    private static int BlockLength(Action run)
    {
        for (int count = 1; ; count *= 2)
        {
            double time = Block(run, count);
            if (time >= BlockNanoseconds)
                return Math.Max(1, (int)Math.Ceiling(count * BlockNanoseconds / time));
        }
    }

    private static double Block(Action run, int count)
    {
        double start = ThreadClock.Nanoseconds();
        for (int i = 0; i < count; i++)
            run();
        return ThreadClock.Nanoseconds() - start;
    }
}
