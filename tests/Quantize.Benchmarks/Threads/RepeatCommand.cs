using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Quantize.Benchmarks.Peers;
using Quantize.Runtime;

namespace Quantize.Benchmarks.Threads;

/// <summary>The measured process: for each line with a number of milliseconds it runs a model for so long, and answers how often a second.</summary>
internal static class RepeatCommand
{
    public const string Name = "repeat";

    private const int WarmupMilliseconds = 1000;

    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = "A .tflite file" };
        var batch = new Argument<int>("batch") { Description = "Batch size" };
        var threads = new Argument<int>("threads") { Description = "Threads of the session" };
        var command = new Command(Name, "Runs a model for as long as lines of the standard input say") { model, batch, threads };
        command.Hidden = true;
        command.SetAction(parsed => Run(parsed.GetValue(model)!, parsed.GetValue(batch), parsed.GetValue(threads)));
        return command;
    }

    private static int Run(string model, int batch, int threads)
    {
        using var contender = new QuantizeContender(model, File.ReadAllBytes(model), Arithmetic.Precise, batch, static i => i % 251 / 251f, threads);
        Rate(contender, WarmupMilliseconds);
        while (Console.ReadLine() is { } line)
            Console.WriteLine(Rate(contender, int.Parse(line, CultureInfo.InvariantCulture)).ToString("R", CultureInfo.InvariantCulture));
        return 0;
    }

    private static double Rate(QuantizeContender contender, int milliseconds)
    {
        var clock = Stopwatch.StartNew();
        int runs = 0;
        for (; clock.ElapsedMilliseconds < milliseconds; runs++)
            contender.Run();
        return runs / clock.Elapsed.TotalSeconds;
    }
}
