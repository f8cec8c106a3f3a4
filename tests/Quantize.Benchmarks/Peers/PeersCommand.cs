using System.CommandLine;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Quantize.Benchmarks.Peak;
using Spectre.Console;

namespace Quantize.Benchmarks.Peers;

/// <summary>This runtime beside ONNX Runtime, one thread each, in one process, in alternating blocks.</summary>
internal static class PeersCommand
{
    public static Command Create()
    {
        var networks = new Option<string[]>("--network")
        {
            Description = $"Networks of the corpora: {string.Join(", ", Network.All.Select(network => network.Name))} [default: all]",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
        };
        var rounds = new Option<int>("--rounds") { Description = "Blocks of 50 ms for each contender", DefaultValueFactory = _ => 20 };
        var output = new Option<FileInfo?>("--output") { Description = "A .md or .json file for the tables" };
        var absent = new Option<string?>("--absent") { Description = "An instruction set that must not be there, for instance AVX-512BW" };
        var command = new Command("peers", "Compares with ONNX Runtime on the same networks") { networks, rounds, output, absent };
        command.SetAction(parsed => Run(Choose(parsed.GetValue(networks)!), parsed.GetValue(rounds), parsed.GetValue(output), parsed.GetValue(absent)));
        return command;
    }

    private static Network[] Choose(string[] names)
    {
        string[] unknown = [.. names.Where(name => Network.All.All(network => network.Name != name))];
        if (unknown.Length > 0)
            throw new ArgumentException($"there is no network {string.Join(", ", unknown)}");
        return [.. Network.All.Where(network => names.Length == 0 || names.Contains(network.Name))];
    }

    private static int Run(Network[] networks, int rounds, FileInfo? output, string? absent)
    {
        Machine.RequireAbsent(absent);
        foreach ((string name, string value) in Machine.Facts)
            AnsiConsole.MarkupLineInterpolated($"[grey]{name}:[/] {value}");
        AnsiConsole.MarkupLineInterpolated($"[grey]ONNX Runtime:[/] {OrtEnv.Instance().GetVersionString()}");
        CorePeak peak = CorePeak.Measure();
        var ratios = new Report(
            $"ONNX Runtime's time / ours, medians of {rounds} rounds; 8 bits over the better of its two forms", "network", "float", "Precise", "Fast", "Precise / our float", "Fast / our float", "cold: float", "cold: Precise");
        var rates = new Report($"G multiply-adds a second, and per cent of this core's peak ({peak})", "network", "M multiply-adds", "float", "Precise", "Fast");
        List<Report> reports = [ratios, rates];
        AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new RemainingTimeColumn()).Start(progress =>
        {
            ProgressTask task = progress.AddTask("networks", maxValue: networks.Sum(network => network.Batches.Length) * rounds);
            foreach (Network network in networks)
            {
                foreach (int batch in network.Batches)
                {
                    task.Description = Markup.Escape(network.Name);
                    using var match = new Match(network, batch);
                    match.Measure(rounds, () => task.Increment(1));
                    AddRatios(ratios, match);
                    AddRates(rates, match, peak);
                    reports.Add(Times(match));
                }
            }
        });
        foreach (Report report in reports)
            report.Print();
        if (output is not null)
            Report.Save(output, reports);
        return 0;
    }

    private static void AddRatios(Report report, Match match)
    {
        double[] cold = match.MeasureCold();
        double own = match.Median(match.Float), precise = match.Median(match.Precise), fast = match.Median(match.Fast), best = match.BestPeer();
        report.Add(
            match.Name, Ratio(match.Median(match.OnnxFloat), own), Ratio(best, precise), Ratio(best, fast), Ratio(own, precise), Ratio(own, fast),
            Ratio(cold[3], cold[0]), Ratio(Math.Min(cold[3], cold[4]), cold[1]));
    }

    private static void AddRates(Report report, Match match, CorePeak peak) => report.Add(
        match.Name, Text(match.Float.MultiplyAdds / 1e6, "F1"),
        Rate(match, match.Float, peak.Float), Rate(match, match.Precise, peak.Precise), Rate(match, match.Fast, peak.Fast));

    private static Report Times(Match match)
    {
        var report = new Report(match.Name, "contender", "bytes", "min us", "median us");
        foreach (Contender contender in match.Contenders)
            report.Add(contender.Name, Text(contender.Bytes, "N0"), Text(match.Minimum(contender) / 1000, "F1"), Text(match.Median(contender) / 1000, "F1"));
        return report;
    }

    private static string Rate(Match match, QuantizeContender contender, double peak)
    {
        double rate = contender.MultiplyAdds / match.Minimum(contender);
        return $"{Text(rate, "F1")} ({Text(rate / peak, "P0")})";
    }

    private static string Ratio(double theirs, double ours) => Text(theirs / ours, "F2");

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
