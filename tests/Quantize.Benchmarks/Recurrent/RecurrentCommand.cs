using System.CommandLine;
using System.Globalization;
using Quantize.Benchmarks.Peers;
using Quantize.Runtime;
using Spectre.Console;

namespace Quantize.Benchmarks.Recurrent;

/// <summary>Recurrent cells with 8-bit weights beside the same ones in float, batch 1, one thread, in alternating blocks.</summary>
internal static class RecurrentCommand
{
    public static Command Create()
    {
        var networks = new Option<string[]>("--network") { Description = "lstm, gru", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [.. RecurrentNetwork.All.Keys] };
        var units = new Option<int[]>("--units") { Description = "Units, and as many features", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [128, 256, 512] };
        var steps = new Option<int[]>("--steps") { Description = "Steps of the sequence", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [50, 100] };
        var rounds = new Option<int>("--rounds") { Description = "Blocks of 50 ms for each contender", DefaultValueFactory = _ => 20 };
        var output = new Option<FileInfo?>("--output") { Description = "A .md or .json file for the table" };
        var command = new Command("recurrent", "Compares recurrent cells with 8-bit weights with float ones") { networks, units, steps, rounds, output };
        command.SetAction(parsed => Run(parsed.GetValue(networks)!, parsed.GetValue(units)!, parsed.GetValue(steps)!, parsed.GetValue(rounds), parsed.GetValue(output)));
        return command;
    }

    private static int Run(string[] networks, int[] units, int[] steps, int rounds, FileInfo? output)
    {
        foreach ((string name, string value) in Machine.Facts)
            AnsiConsole.MarkupLineInterpolated($"[grey]{name}:[/] {value}");
        var report = new Report($"us a run, medians of {rounds} rounds, batch 1", "network", "units", "steps", "M multiply-adds", "float", "Precise", "Fast", "float / Precise", "float / Fast");
        foreach (string network in networks)
        {
            foreach (int count in units)
            {
                foreach (int length in steps)
                    Add(report, network, count, length, rounds);
            }
        }

        report.Print();
        if (output is not null)
            Report.Save(output, [report]);
        return 0;
    }

    private static void Add(Report report, string network, int units, int steps, int rounds)
    {
        Func<int, int, bool, byte[]> write = RecurrentNetwork.All[network];
        byte[] floats = write(units, steps, false), codes = write(units, steps, true);
        using var inFloat = new SequenceContender("float", floats, Arithmetic.Precise);
        using var precise = new SequenceContender("Precise", codes, Arithmetic.Precise);
        using var fast = new SequenceContender("Fast", codes, Arithmetic.Fast);
        double[] medians = [.. InterleavedTimer.Measure([inFloat.Run, precise.Run, fast.Run], rounds).Select(Figures.Median)];
        report.Add(
            network, Text(units, "F0"), Text(steps, "F0"), Text(inFloat.MultiplyAdds / 1e6, "F1"), Text(medians[0] / 1000, "F1"), Text(medians[1] / 1000, "F1"), Text(medians[2] / 1000, "F1"),
            Text(medians[0] / medians[1], "F2"), Text(medians[0] / medians[2], "F2"));
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
