using Quantize.Runtime.Kernels;

namespace Quantize.Runtime.Tests.Kernels;

/// <summary>The rows of the ISA table that this process can run: each is a case of every kernel test.</summary>
public static class KernelRows
{
    public static TheoryData<string> All => [.. KernelSets.Supported.Select(row => row.Name)];

    internal static KernelSet Of(string name) => KernelSets.Choose(name);
}
