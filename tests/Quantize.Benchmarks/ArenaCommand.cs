using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using Quantize.Converter;
using Quantize.Runtime;
using Spectre.Console;

namespace Quantize.Benchmarks;

/// <summary>The memory that intermediate tensors share, beside the bytes alive at the fullest step: nothing could need less.</summary>
internal static class ArenaCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("path") { Description = "Models, or folders of them" };
        var scheme = new Option<QuantizationScheme>("--quantization") { Description = "How a model that is no .tflite is converted", DefaultValueFactory = _ => QuantizationScheme.None };
        var output = new Option<FileInfo?>("--output") { Description = "A .md or .json file for the table" };
        var command = new Command("arena", "Shows the size of the arena of models beside its lower bound") { paths, scheme, output };
        command.SetAction(parsed => Run([.. parsed.GetValue(paths)!.SelectMany(Models)], parsed.GetValue(scheme), parsed.GetValue(output)));
        return command;
    }

    private static int Run(string[] models, QuantizationScheme scheme, FileInfo? output)
    {
        var report = new Report("Bytes of intermediate tensors", "model", "signature", "steps", "arena", "lower bound", "ratio", "planning ms");
        var ratios = new List<double>();
        foreach (string path in models)
        {
            try
            {
                AddRows(report, ratios, Name(path), Load(path, scheme));
            }
            catch (Exception exception) when (exception is ConversionException or ModelFormatException)
            {
                report.Add(Name(path), exception.Message.Split('\n')[0], "", "", "", "", "");
            }
        }

        report.Print();
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ratios.Count} plans, ratio {ratios.DefaultIfEmpty(1).Average():F4} on average, {ratios.DefaultIfEmpty(1).Max():F3} at worst"));
        if (output is not null)
            Report.Save(output, [report]);
        return 0;
    }

    private static void AddRows(Report report, List<double> ratios, string name, ReadOnlyMemory<byte> file)
    {
        using CompiledModel model = CompiledModel.Load(file);
        foreach (SignatureInfo signature in model.Signatures)
        {
            using Session session = model.CreateSession(signature.Key);
            var watch = Stopwatch.StartNew();
            int steps = session.Plan.Count;
            double milliseconds = watch.Elapsed.TotalMilliseconds;
            (long arena, long least) = (session.ArenaBytes, session.LeastArenaBytes);
            double ratio = least == 0 ? 1 : (double)arena / least;
            ratios.Add(ratio);
            report.Add(name, signature.Key, Text(steps, "N0"), Text(arena, "N0"), Text(least, "N0"), Text(ratio, "F3"), Text(milliseconds, "F1"));
        }
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string[] Models(string path) => !Directory.Exists(path) || File.Exists(Path.Combine(path, "saved_model.pb"))
        ? [path]
        : [.. Directory.EnumerateDirectories(path).Order(StringComparer.Ordinal).SelectMany(Models), .. Directory.EnumerateFiles(path).Where(IsModel).Order(StringComparer.Ordinal)];

    private static bool IsModel(string path) => path.EndsWith(".tflite", StringComparison.Ordinal) || path.EndsWith(".pb", StringComparison.Ordinal) || path.EndsWith(".pb.gz", StringComparison.Ordinal);

    private static string Name(string path) => Path.Combine(Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path))) ?? "", Path.GetFileName(path));

    private static ReadOnlyMemory<byte> Load(string path, QuantizationScheme scheme)
    {
        if (path.EndsWith(".tflite", StringComparison.Ordinal))
            return File.ReadAllBytes(path);
        if (!path.EndsWith(".gz", StringComparison.Ordinal))
            return ModelConverter.Convert(new ConversionRequest { ModelPath = path, Quantization = scheme }).Model;
        string unpacked = Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()}-{Path.GetFileNameWithoutExtension(path)}");
        try
        {
            using (FileStream target = File.Create(unpacked))
            using (var stream = new GZipStream(File.OpenRead(path), CompressionMode.Decompress))
                stream.CopyTo(target);
            return Load(unpacked, scheme);
        }
        finally
        {
            File.Delete(unpacked);
        }
    }
}
