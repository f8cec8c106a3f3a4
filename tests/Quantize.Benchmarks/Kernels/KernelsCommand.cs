using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Quantize.Benchmarks.Kernels;

/// <summary>Single kernels on each row of the ISA table, by BenchmarkDotNet; in this process, because kernels are no public API that a generated program could call.</summary>
internal static class KernelsCommand
{
    public static Command Create()
    {
        var filter = new Option<string>("--filter") { Description = "Benchmarks by name, as in *Depthwise*", DefaultValueFactory = _ => "*" };
        var artifacts = new Option<DirectoryInfo?>("--artifacts") { Description = "Folder for logs and tables" };
        var command = new Command("kernels", "Times single kernels on each row of the table of instruction sets") { filter, artifacts };
        command.SetAction(parsed => Run(parsed.GetValue(filter)!, parsed.GetValue(artifacts)));
        return command;
    }

    private static int Run(string filter, DirectoryInfo? artifacts)
    {
        ManualConfig config = ManualConfig.Create(DefaultConfig.Instance).AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
        config.ArtifactsPath = artifacts?.FullName ?? Path.Combine(Path.GetTempPath(), "quantize-benchmarks");
        return BenchmarkSwitcher.FromTypes([typeof(KernelBenchmarks)]).Run(["--filter", filter], config).Any(summary => summary.HasCriticalValidationErrors) ? 1 : 0;
    }
}
