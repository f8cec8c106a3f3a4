using System.CommandLine;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Quantize.Runtime;
using Spectre.Console;

namespace Quantize.Benchmarks.Peers;

/// <summary>This runtime beside ONNX Runtime, one thread each, in one process, in alternating blocks.</summary>
internal static class PeersCommand
{
    private const double FloatAgreement = 1e-4;

    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = $"A network of the corpora: {string.Join(", ", PeerModel.All.Select(model => model.Name))}", DefaultValueFactory = _ => "mnist" };
        var files = new Option<string[]>("--files") { Description = "Another network: FLOAT.tflite QUANTIZED.tflite FLOAT.onnx QUANTIZED.onnx", Arity = new ArgumentArity(4, 4), AllowMultipleArgumentsPerToken = true };
        var batches = new Option<string>("--batch") { Description = "Batch sizes, with commas between", DefaultValueFactory = _ => "1,32" };
        var rounds = new Option<int>("--rounds") { Description = "Blocks of 50 ms for each contender", DefaultValueFactory = _ => 20 };
        var output = new Option<FileInfo?>("--output") { Description = "A .md or .json file for the tables" };
        var command = new Command("peers", "Compares with ONNX Runtime on the same networks") { model, files, batches, rounds, output };
        command.SetAction(parsed => Run(Choose(parsed.GetValue(model)!, parsed.GetValue(files)), Numbers(parsed.GetValue(batches)!), parsed.GetValue(rounds), parsed.GetValue(output)));
        return command;
    }

    private static PeerModel Choose(string name, string[]? files) => files is { Length: 4 }
        ? new PeerModel(Path.GetFileNameWithoutExtension(files[0]), files[0], files[1], files[2], files[3])
        : PeerModel.All.FirstOrDefault(model => model.Name == name) ?? throw new ArgumentException($"there is no network '{name}'");

    private static int[] Numbers(string list) => [.. list.Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];

    private static int Run(PeerModel model, int[] batches, int rounds, FileInfo? output)
    {
        foreach ((string name, string value) in Machine.Facts)
            AnsiConsole.MarkupLineInterpolated($"[grey]{name}:[/] {value}");
        AnsiConsole.MarkupLineInterpolated($"[grey]ONNX Runtime:[/] {OrtEnv.Instance().GetVersionString()}");
        List<Report> reports = [];
        foreach (int batch in batches)
        {
            Report report = Compare(model, batch, rounds);
            report.Print();
            reports.Add(report);
        }

        if (output is not null)
            Report.Save(output, reports);
        return 0;
    }

    private static Report Compare(PeerModel model, int batch, int rounds)
    {
        using var onnxFloat = new OnnxContender("ONNX Runtime float", new FileInfo(model.OnnxFloat), batch, Pixel);
        using var onnxQuantized = new OnnxContender("ONNX Runtime quantized", new FileInfo(model.OnnxQuantized), batch, Pixel);
        using var ourFloat = new QuantizeContender("float", new FileInfo(model.Float), Arithmetic.Precise, batch, Pixel);
        using var precise = new QuantizeContender("Precise", new FileInfo(model.Quantized), Arithmetic.Precise, batch, Pixel);
        using var fast = new QuantizeContender("Fast", new FileInfo(model.Quantized), Arithmetic.Fast, batch, Pixel);
        Contender[] contenders = [ourFloat, precise, fast, onnxFloat, onnxQuantized];
        CheckSameNetwork(onnxFloat, ourFloat);
        double[][] times = AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new RemainingTimeColumn()).Start(progress =>
        {
            ProgressTask task = progress.AddTask($"batch {batch}", maxValue: rounds);
            return InterleavedTimer.Measure([.. contenders.Select<Contender, Action>(contender => contender.Run)], rounds, _ => task.Increment(1));
        });

        double floatPeer = Figures.Median(times[3]), quantizedPeer = Figures.Median(times[4]);
        var report = new Report($"{model.Name}, batch {batch}, {rounds} rounds", "contender", "bytes", "min us", "median us", "over ONNX float", "over ONNX quantized");
        for (int i = 0; i < contenders.Length; i++)
        {
            double median = Figures.Median(times[i]);
            report.Add(contenders[i].Name, Text(contenders[i].Bytes, "N0"), Text(times[i].Min() / 1000, "F1"), Text(median / 1000, "F1"), Text(floatPeer / median, "F2"), Text(quantizedPeer / median, "F2"));
        }

        return report;
    }

    /// <summary>A comparison means something only where both compute the same.</summary>
    private static void CheckSameNetwork(Contender peer, Contender ours)
    {
        peer.Run();
        ours.Run();
        float[] expected = peer.Output(), actual = ours.Output();
        double difference = expected.Length == actual.Length ? expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max() : double.PositiveInfinity;
        if (!(difference <= FloatAgreement))
            throw new InvalidOperationException($"{ours.Name} and {peer.Name} do not compute the same: outputs differ by {difference}");
        AnsiConsole.MarkupLineInterpolated($"[grey]float outputs agree within[/] {Text(difference, "E1")}");
    }

    /// <summary>Every picture is different, none is regular.</summary>
    private static float Pixel(int index) => unchecked((uint)index * 2654435761u >> 24) / 255f;

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
