using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Quantize.Converter;
using Quantize.Runtime;
using Spectre.Console;

namespace Quantize.Benchmarks.Peers;

/// <summary>From the start of a process to its first prediction, and what a model takes when it is opened: a process of its own for each measurement.</summary>
internal static class StartCommand
{
    /// <summary>The argument by which a process is one that is measured.</summary>
    public const string Child = "first-prediction";

    private const string Ours = "ours", Onnx = "onnx";

    public static Command Create()
    {
        var network = new Option<string>("--network") { Description = "A network of the corpora", DefaultValueFactory = _ => "mnist" };
        var rounds = new Option<int>("--rounds") { Description = "Processes of each kind", DefaultValueFactory = _ => 15 };
        var output = new Option<FileInfo?>("--output") { Description = "A .md or .json file for the table" };
        var command = new Command("start", "Times processes from their start to the first prediction, ONNX Runtime's beside ours") { network, rounds, output };
        command.SetAction(parsed => Run(parsed.GetValue(network)!, parsed.GetValue(rounds), parsed.GetValue(output)));
        return command;
    }

    /// <summary>What the measured process does: open, predict once, say how much private memory that took.</summary>
    public static int RunChild(string runtime, string file)
    {
        float[] prediction = runtime == Ours ? PredictOurs(file) : PredictOnnx(file);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{prediction.Length} {PrivateBytes()}"));
        return 0;
    }

    private static int Run(string name, int rounds, FileInfo? output)
    {
        Network network = Network.All.FirstOrDefault(network => network.Name == name) ?? throw new ArgumentException($"there is no network '{name}'");
        string folder = Directory.CreateTempSubdirectory("quantize-start").FullName;
        try
        {
            (string Name, string Runtime, string File)[] contenders =
            [
                ("float", Ours, Write(folder, "float.tflite", network.Convert(QuantizationScheme.None))),
                ("8 bits", Ours, Write(folder, "quantized.tflite", network.Convert(QuantizationScheme.DynamicRange))),
                ("ONNX Runtime float", Onnx, Write(folder, "float.onnx", network.OnnxFloat)),
                ("ONNX Runtime quantized", Onnx, Write(folder, "quantized.onnx", network.OnnxQuantized)),
            ];
            Report report = Measure(name, contenders, rounds);
            report.Print();
            if (output is not null)
                Report.Save(output, [report]);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Report Measure(string name, (string Name, string Runtime, string File)[] contenders, int rounds)
    {
        var times = contenders.Select(_ => new double[rounds]).ToArray();
        long[] memory = new long[contenders.Length];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < contenders.Length; i++)
                (times[i][round], memory[i]) = Spawn(contenders[i].Runtime, contenders[i].File);
        }

        var report = new Report($"{name}: start of a process to its first prediction, {rounds} processes each", "contender", "bytes", "min ms", "median ms", "private MB");
        for (int i = 0; i < contenders.Length; i++)
            report.Add(contenders[i].Name, Text(new FileInfo(contenders[i].File).Length, "N0"), Text(times[i].Min(), "F1"), Text(Figures.Median(times[i]), "F1"), Text(memory[i] / 1e6, "F1"));
        return report;
    }

    private static (double Milliseconds, long PrivateBytes) Spawn(string runtime, string file)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(StartCommand).Assembly.Location);
        foreach (string argument in (string[])[Child, runtime, file])
            start.ArgumentList.Add(argument);
        var watch = Stopwatch.StartNew();
        using Process process = Process.Start(start)!;
        string line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"the process for {file} said nothing");
        double time = watch.Elapsed.TotalMilliseconds;
        process.WaitForExit();
        return (time, long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
    }

    private static float[] PredictOurs(string file)
    {
        using CompiledModel model = CompiledModel.Load(file);
        using Session session = model.CreateSession();
        session.Input<float>(0).Fill(0.5f);
        session.Run();
        int output = session.Signature.Outputs.Select((tensor, i) => (tensor.Type, i)).Last(tensor => tensor.Type == TensorType.Float32).i;
        return session.Output<float>(output).ToArray();
    }

    private static float[] PredictOnnx(string file)
    {
        using var contender = new OnnxContender(Onnx, File.ReadAllBytes(file), 1, _ => 0.5f);
        contender.Run();
        return contender.Output();
    }

    private static string Write(string folder, string name, ReadOnlyMemory<byte> model)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllBytes(path, model.Span);
        return path;
    }

    /// <summary>Memory that no file backs, where the system tells.</summary>
    private static long PrivateBytes()
    {
        const string Status = "/proc/self/status", Anonymous = "RssAnon:";
        if (!File.Exists(Status))
            return Process.GetCurrentProcess().PrivateMemorySize64;
        string line = File.ReadLines(Status).First(line => line.StartsWith(Anonymous, StringComparison.Ordinal));
        return long.Parse(line[Anonymous.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) * 1024;
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
