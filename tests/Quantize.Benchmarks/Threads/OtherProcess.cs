using System.Diagnostics;
using System.Globalization;

namespace Quantize.Benchmarks.Threads;

/// <summary>This program once more, waiting for its turn.</summary>
internal sealed class OtherProcess : IDisposable
{
    private readonly Process _process;

    public OtherProcess(string model, int batch, int threads)
    {
        string program = typeof(OtherProcess).Assembly.Location;
        string[] arguments = [program, RepeatCommand.Name, model, batch.ToString(CultureInfo.InvariantCulture), threads.ToString(CultureInfo.InvariantCulture)];
        _process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        Ask(1); // its model is loaded and warm once it answers
        Answer();
    }

    /// <summary>Runs a second of all of them together, while all run.</summary>
    public static double Rate(int milliseconds, params OtherProcess[] processes)
    {
        foreach (OtherProcess process in processes)
            process.Ask(milliseconds);
        return processes.Sum(process => process.Answer());
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Ask(int milliseconds)
    {
        _process.StandardInput.WriteLine(milliseconds.ToString(CultureInfo.InvariantCulture));
        _process.StandardInput.Flush();
    }

    private double Answer() =>
        double.Parse(_process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the measured process ended before its time"), CultureInfo.InvariantCulture);
}
