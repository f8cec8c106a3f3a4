using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Quantize.Runtime.Kernels;

namespace Quantize.Benchmarks;

/// <summary>What a figure means nothing without.</summary>
internal static class Machine
{
    private const string CpuInfo = "/proc/cpuinfo";

    public static IReadOnlyList<(string Name, string Value)> Facts =>
    [
        ("CPU", Cpu),
        ("Supported", string.Join(' ', InstructionSets.Where(set => set.Supported).Select(set => set.Name))),
        ("Kernel row", KernelSets.Choose(null).Name),
        ("System", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors"),
        ("Framework", RuntimeInformation.FrameworkDescription),
        ("Clock", ThreadClock.Name),
    ];

    /// <summary>Stops where an instruction set is there that was to be switched off: a wrong knob is ignored in silence.</summary>
    public static void RequireAbsent(string? instructionSet)
    {
        if (instructionSet is null)
            return;
        if (InstructionSets.All(set => set.Name != instructionSet))
            throw new ArgumentException($"there is no instruction set '{instructionSet}'; there are {string.Join(", ", InstructionSets.Select(set => set.Name))}");
        if (InstructionSets.Any(set => set.Name == instructionSet && set.Supported))
            throw new InvalidOperationException($"{instructionSet} is in use; DOTNET_EnableAVX512=0 or a like variable switches it off");
    }

    private static string Cpu => File.Exists(CpuInfo)
        ? File.ReadLines(CpuInfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown"
        : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown";

    private static (string Name, bool Supported)[] InstructionSets =>
    [
        ("SSE4.1", Sse41.IsSupported),
        ("AVX2", Avx2.IsSupported),
        ("FMA", Fma.IsSupported),
        ("AVX-VNNI", AvxVnni.IsSupported),
        ("AVX-512BW", Avx512BW.IsSupported),
        ("AdvSimd", AdvSimd.IsSupported),
        ("Dp", Dp.IsSupported),
        ("Vector512", Vector512.IsHardwareAccelerated),
    ];
}
