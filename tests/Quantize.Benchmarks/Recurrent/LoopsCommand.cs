using System.CommandLine;
using System.Globalization;
using Quantize.Benchmarks.Peers;
using Quantize.Runtime;
using Spectre.Console;

namespace Quantize.Benchmarks.Recurrent;

/// <summary>One LSTM as a builtin and as a loop, float and with 8-bit weights: what a step costs, and what a run of the loop allocates.</summary>
internal static class LoopsCommand
{
    public static Command Create()
    {
        var units = new Option<int[]>("--units") { Description = "Units, and as many features", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [16, 32, 64, 128] };
        var steps = new Option<int>("--steps") { Description = "Steps of the sequence", DefaultValueFactory = _ => 1000 };
        var rounds = new Option<int>("--rounds") { Description = "Blocks of 50 ms for each contender", DefaultValueFactory = _ => 20 };
        var output = new Option<FileInfo?>("--output") { Description = "A .md or .json file for the table" };
        var command = new Command("loops", "Compares an LSTM that is a loop with one that is a builtin") { units, steps, rounds, output };
        command.SetAction(parsed => Run(parsed.GetValue(units)!, parsed.GetValue(steps), parsed.GetValue(rounds), parsed.GetValue(output)));
        return command;
    }

    private static int Run(int[] units, int steps, int rounds, FileInfo? output)
    {
        foreach ((string name, string value) in Machine.Facts)
            AnsiConsole.MarkupLineInterpolated($"[grey]{name}:[/] {value}");
        var report = new Report($"ns a step, medians of {rounds} rounds, {steps} steps, batch 1", "units", "weights", "builtin", "loop", "loop / builtin", "bytes allocated in a run of the loop");
        foreach (int count in units)
        {
            Add(report, count, steps, rounds, isQuantized: false);
            Add(report, count, steps, rounds, isQuantized: true);
        }

        report.Print();
        if (output is not null)
            Report.Save(output, [report]);
        return 0;
    }

    private static void Add(Report report, int units, int steps, int rounds, bool isQuantized)
    {
        using var builtin = new SequenceContender("builtin", RecurrentNetwork.All["lstm"](units, steps, isQuantized), Arithmetic.Precise);
        using var loop = new SequenceContender("loop", LoopedLstm.Write(units, steps, isQuantized), Arithmetic.Precise);
        double[] medians = [.. InterleavedTimer.Measure([builtin.Run, loop.Run], rounds).Select(Figures.Median)];
        long before = GC.GetAllocatedBytesForCurrentThread();
        loop.Run();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        report.Add(
            Text(units, "F0"), isQuantized ? "8 bits" : "float", Text(medians[0] / steps, "F0"), Text(medians[1] / steps, "F0"), Text(medians[1] / medians[0], "F2"), Text(allocated, "F0"));
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
