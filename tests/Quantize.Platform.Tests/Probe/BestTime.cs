using System.Diagnostics;

namespace Quantize.Probe;

/// <summary>Wall time of one run: the best batch within a fifth of a second; batches are long, because a browser's clock is coarse.</summary>
internal static class BestTime
{
    private const double BatchMilliseconds = 10;

    public static double Milliseconds(Action run)
    {
        run();
        double best = double.MaxValue;
        int batch = 1;
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalMilliseconds < 200;)
        {
            long before = Stopwatch.GetTimestamp();
            for (int i = 0; i < batch; i++)
                run();
            double elapsed = Stopwatch.GetElapsedTime(before).TotalMilliseconds;
            best = Math.Min(best, elapsed < BatchMilliseconds ? double.MaxValue : elapsed / batch);
            batch *= elapsed < BatchMilliseconds ? 2 : 1;
        }

        return best;
    }
}
