using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Quantize.Runtime.Kernels;

namespace Quantize.Runtime.Tests.Kernels;

/// <summary>Which rows a process has: what its JIT may use, less what the environment takes away. Also run in processes that lack something.</summary>
public sealed class KernelSetsTests
{
    [Fact]
    public void Rows_are_those_of_the_instruction_sets_there_are_best_first()
    {
        List<string> expected = [];
        if (Avx512BW.IsSupported && AvxVnni.IsSupported)
            expected.Add("avx512-vnni");
        if (Avx512BW.IsSupported)
            expected.Add("avx512");
        if (Avx2.IsSupported && Fma.IsSupported && AvxVnni.IsSupported)
            expected.Add("avx2-vnni");
        if (Avx2.IsSupported && Fma.IsSupported)
            expected.Add("avx2");
        if (Dp.IsSupported)
            expected.Add("neon-dot");
        if (Vector128.IsHardwareAccelerated)
            expected.Add("vector128");
        Assert.Equal([.. expected, "scalar"], KernelSets.Supported.Select(row => row.Name));
    }

    /// <summary>A knob of a wrong name is ignored in silence; so what it should have done is looked at.</summary>
    [Fact]
    public void What_the_environment_switches_off_is_off()
    {
        if (IsOff("DOTNET_EnableAVX512"))
            Assert.False(Avx512F.IsSupported || Avx512BW.IsSupported, "DOTNET_EnableAVX512=0 left AVX-512 on");
        if (IsOff("DOTNET_EnableAVX2"))
            Assert.False(Avx2.IsSupported || Fma.IsSupported || Avx512F.IsSupported, "DOTNET_EnableAVX2=0 left AVX2 on");
        if (IsOff("DOTNET_EnableHWIntrinsic"))
            Assert.False(Vector128.IsHardwareAccelerated || Avx.IsSupported, "DOTNET_EnableHWIntrinsic=0 left vectors on");
    }

    [Fact]
    public void A_row_is_chosen_by_name_by_the_environment_or_for_its_speed()
    {
        Assert.Equal("scalar", KernelSets.Choose("scalar").Name);
        string? named = Environment.GetEnvironmentVariable(KernelSets.Override);
        Assert.Equal(string.IsNullOrEmpty(named) ? KernelSets.Supported.First().Name : named, KernelSets.Choose(null).Name);
        ArgumentException unknown = Assert.Throws<ArgumentException>(() => KernelSets.Choose("avx1024"));
        Assert.Contains("'avx1024'", unknown.Message);
        Assert.Contains("scalar", unknown.Message);
    }

    private static bool IsOff(string knob) => Environment.GetEnvironmentVariable(knob) == "0";
}
