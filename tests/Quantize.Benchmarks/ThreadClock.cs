using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Quantize.Benchmarks;

/// <summary>CPU time of the calling thread on Linux, so that other processes do not count; wall time elsewhere.</summary>
internal static partial class ThreadClock
{
    private const int ThreadCpuTime = 3; // CLOCK_THREAD_CPUTIME_ID

    public static string Name { get; } = OperatingSystem.IsLinux() ? "thread CPU time" : "wall time";

    public static double Nanoseconds()
    {
        if (!OperatingSystem.IsLinux())
            return Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency);
        return GetTime(ThreadCpuTime, out TimeSpec time) == 0
            ? (double)time.Seconds * 1e9 + time.Nanoseconds
            : throw new InvalidOperationException("the system does not tell a thread's CPU time");
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
