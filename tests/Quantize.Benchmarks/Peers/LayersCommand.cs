using System.CommandLine;
using System.Globalization;
using Quantize.Benchmarks.Peak;
using Quantize.Converter;
using Quantize.Runtime;
using Spectre.Console;

namespace Quantize.Benchmarks.Peers;

/// <summary>Where the time of one network goes, step by step, beside the peak of the core.</summary>
internal static class LayersCommand
{
    public static Command Create()
    {
        var network = new Option<string>("--network") { Description = "A network of the corpora, or a .tflite file to be run as it is", Required = true };
        var form = new Option<Form>("--form") { Description = "Float weights, or 8 bits in one of the two arithmetics", DefaultValueFactory = _ => Form.Precise };
        var batch = new Option<int>("--batch") { Description = "Batch size", DefaultValueFactory = _ => 1 };
        var threads = new Option<int>("--threads") { Description = "Threads of the session", DefaultValueFactory = _ => 1 };
        var rounds = new Option<int>("--rounds") { Description = "Runs; the least time of each step counts", DefaultValueFactory = _ => 50 };
        var output = new Option<FileInfo?>("--output") { Description = "A .md or .json file for the table" };
        var command = new Command("layers", "Shows the time of each step of a network, and its share of the core's peak") { network, form, batch, threads, rounds, output };
        command.SetAction(parsed => Run(
            parsed.GetValue(network)!, parsed.GetValue(form), parsed.GetValue(batch), parsed.GetValue(threads), parsed.GetValue(rounds), parsed.GetValue(output)));
        return command;
    }

    private static int Run(string name, Form form, int batch, int threads, int rounds, FileInfo? output)
    {
        Arithmetic arithmetic = form == Form.Fast ? Arithmetic.Fast : Arithmetic.Precise;
        QuantizationScheme scheme = form == Form.Float ? QuantizationScheme.None : QuantizationScheme.DynamicRange;
        using var contender = new QuantizeContender(name, Model(name, scheme), arithmetic, batch, static i => i % 251 / 251f, threads);
        CorePeak peak = CorePeak.Measure();
        double best = form switch { Form.Float => peak.Float, Form.Precise => peak.Precise, _ => peak.Fast };
        OperatorProfile[] least = LeastTimes(contender, rounds);
        double total = least.Sum(step => step.Time.TotalMicroseconds);
        var report = new Report($"{name}, batch {batch}, {form}: {Text(total, "F0")} us; peak {Text(best, "F0")} G multiply-adds/s", "kernel", "output", "us", "of all", "M multiply-adds", "G/s", "of peak");
        foreach (OperatorProfile step in least)
        {
            double time = step.Time.TotalMicroseconds, products = step.Step.MultiplyAdds, rate = products / time / 1000;
            report.Add(
                step.Step.Kernel, string.Join('x', step.Step.OutputShape), Text(time, "F1"), Text(time / total, "P1"),
                products == 0 ? "" : Text(products / 1e6, "F2"), products == 0 ? "" : Text(rate, "F1"), products == 0 ? "" : Text(rate / best, "P0"));
        }

        report.Print();
        if (output is not null)
            Report.Save(output, [report]);
        return 0;
    }

    private static ReadOnlyMemory<byte> Model(string name, QuantizationScheme scheme) => File.Exists(name)
        ? File.ReadAllBytes(name)
        : (Network.All.FirstOrDefault(network => network.Name == name) ?? throw new ArgumentException($"there is no network or file '{name}'")).Convert(scheme);

    private static OperatorProfile[] LeastTimes(QuantizeContender contender, int rounds)
    {
        InterleavedTimer.WarmUp([contender.Run]);
        OperatorProfile[] least = [.. contender.Profile()];
        for (int i = 0; i < rounds; i++)
            least = [.. contender.Profile().Zip(least, (now, before) => now.Time < before.Time ? now : before)];
        return least;
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    internal enum Form
    {
        Float,
        Precise,
        Fast,
    }
}
