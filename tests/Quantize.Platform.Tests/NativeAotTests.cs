using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using CliWrap;

namespace Quantize.Platform.Tests;

/// <summary>Compiled ahead of time: the same results. Without IlcInstructionSet the compiler stays with what every x64 processor has.</summary>
public sealed class NativeAotTests
{
    [Fact]
    public async Task The_default_has_128_bits_and_gives_the_same_results()
    {
        RequireLinuxX64();
        using Publication probe = await Publication.OfProbe("-r", "linux-x64", "-p:PublishAot=true");
        Report report = Report.Parse(await Tool.Run(Cli.Wrap(probe.Program)));
        report.AssertEqualsReference("vector128", "scalar");
    }

    [Fact]
    public async Task For_processors_with_AVX2_it_has_256_bits_and_gives_the_same_results()
    {
        RequireLinuxX64();
        Assert.SkipUnless(Avx2.IsSupported && Fma.IsSupported, "this processor has no AVX2");
        using Publication probe = await Publication.OfProbe("-r", "linux-x64", "-p:PublishAot=true", "-p:IlcInstructionSet=x86-64-v3");
        Report report = Report.Parse(await Tool.Run(Cli.Wrap(probe.Program)));
        report.AssertEqualsReference(AvxVnni.IsSupported ? ["avx2-vnni", "avx2", "vector128", "scalar"] : ["avx2", "vector128", "scalar"]);
    }

    [Fact]
    public async Task For_this_machine_it_has_the_rows_of_the_JIT()
    {
        RequireLinuxX64();
        using Publication probe = await Publication.OfProbe("-r", "linux-x64", "-p:PublishAot=true", "-p:IlcInstructionSet=native");
        Report report = Report.Parse(await Tool.Run(Cli.Wrap(probe.Program)));
        report.AssertEqualsReference([.. Report.Reference.Rows]);
    }

    [Fact]
    public async Task On_arm64_it_has_both_rows_and_gives_the_same_results()
    {
        RequireLinuxX64();
        Tool.Require("lld");
        Tool.Require("aarch64-linux-gnu-objcopy");
        string emulator = Tool.Require("qemu-aarch64");
        const string Libraries = "/usr/aarch64-linux-gnu";
        Assert.SkipUnless(Directory.Exists(Libraries), "the C library for arm64 is not installed; .ci/run installs it");
        using Publication probe = await Publication.OfProbe("-r", "linux-arm64", "-p:PublishAot=true", "-p:ObjCopyName=aarch64-linux-gnu-objcopy");
        Command command = Cli.Wrap(emulator).WithArguments(probe.Program).WithEnvironmentVariables(variables => variables.Set("QEMU_LD_PREFIX", Libraries));
        Report report = Report.Parse(await Tool.Run(command));
        Assert.Contains("AdvSimd Dp", report.Instructions);
        report.AssertEqualsReference("neon-dot", "vector128", "scalar");
    }

    private static void RequireLinuxX64()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64, "native programs are published on linux-x64 only");
        Tool.Require("clang");
    }
}
