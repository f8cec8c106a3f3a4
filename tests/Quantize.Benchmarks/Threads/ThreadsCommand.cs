using System.CommandLine;
using System.Globalization;
using Quantize.Benchmarks.Peers;
using Quantize.Converter;
using Quantize.Runtime;
using Spectre.Console;

namespace Quantize.Benchmarks.Threads;

/// <summary>One session with several threads beside as many processes with one thread each, which run at the same time: what is lost by sharing one run.</summary>
internal static class ThreadsCommand
{
    private static readonly (string Name, int Batch)[] s_default = [("mobilenet_v1", 1), ("mobilenet_v2", 1), ("resnet_v2_101", 1), ("mnist", 32)];

    public static Command Create()
    {
        var network = new Option<string?>("--network") { Description = "One network instead of the four usual ones" };
        var batch = new Option<int>("--batch") { Description = "Its batch size", DefaultValueFactory = _ => 1 };
        var threads = new Option<int>("--threads") { Description = "Threads of the session, and processes beside it", DefaultValueFactory = _ => Environment.ProcessorCount };
        var rounds = new Option<int>("--rounds") { Description = "Rounds of three blocks: together, side by side, alone", DefaultValueFactory = _ => 10 };
        var milliseconds = new Option<int>("--block") { Description = "Milliseconds of a block", DefaultValueFactory = _ => 500 };
        var output = new Option<FileInfo?>("--output") { Description = "A .md or .json file for the table" };
        var command = new Command("threads", "Compares one session of several threads with processes of one thread") { network, batch, threads, rounds, milliseconds, output };
        command.SetAction(parsed => Run(
            parsed.GetValue(network) is { } name ? [(name, parsed.GetValue(batch))] : s_default, parsed.GetValue(threads), parsed.GetValue(rounds), parsed.GetValue(milliseconds), parsed.GetValue(output)));
        return command;
    }

    private static int Run((string Name, int Batch)[] networks, int threads, int rounds, int milliseconds, FileInfo? output)
    {
        foreach ((string name, string value) in Machine.Facts)
            AnsiConsole.MarkupLineInterpolated($"[grey]{name}:[/] {value}");
        var report = new Report(
            $"runs a second, wall time, medians of {rounds} rounds of {milliseconds} ms; a cache line from core to core and back",
            "network", "form", "1 thread", $"{threads} threads", $"{threads} processes", "together / side by side", "together / alone", "line, ns");
        foreach ((string name, int batch) in networks)
        {
            Network network = Network.All.FirstOrDefault(network => network.Name == name) ?? throw new ArgumentException($"there is no network '{name}'");
            foreach (QuantizationScheme scheme in new[] { QuantizationScheme.None, QuantizationScheme.DynamicRange })
                AddRow(report, network, batch, scheme, threads, rounds, milliseconds);
        }

        report.Print();
        if (output is not null)
            Report.Save(output, [report]);
        return 0;
    }

    private static void AddRow(Report report, Network network, int batch, QuantizationScheme scheme, int threads, int rounds, int milliseconds)
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()}.tflite");
        try
        {
            File.WriteAllBytes(path, network.Convert(scheme).ToArray());
            using var together = new OtherProcess(path, batch, threads);
            OtherProcess[] apart = [.. Enumerable.Range(0, threads).Select(_ => new OtherProcess(path, batch, 1))];
            var rates = new List<(double Together, double SideBySide, double Alone)>();
            var distances = new List<double>();
            for (int round = 0; round < rounds; round++)
            {
                distances.Add(CoreDistance.Nanoseconds());
                rates.Add((OtherProcess.Rate(milliseconds, together), OtherProcess.Rate(milliseconds, apart), OtherProcess.Rate(milliseconds, apart[round % threads])));
            }

            foreach (OtherProcess process in apart)
                process.Dispose();
            report.Add(
                batch == 1 ? network.Name : $"{network.Name} batch {batch}", scheme == QuantizationScheme.None ? "float" : nameof(Arithmetic.Precise),
                Text(Median(rates.Select(rate => rate.Alone)), "F1"), Text(Median(rates.Select(rate => rate.Together)), "F1"), Text(Median(rates.Select(rate => rate.SideBySide)), "F1"),
                Text(Median(rates.Select(rate => rate.Together / rate.SideBySide)), "F2"), Text(Median(rates.Select(rate => rate.Together / rate.Alone)), "F2"), Text(Median(distances), "F0"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
