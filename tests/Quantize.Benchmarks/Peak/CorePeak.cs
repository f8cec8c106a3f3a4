using System.Globalization;
using Quantize.Runtime.Kernels;

namespace Quantize.Benchmarks.Peak;

/// <summary>What this core does at most in each form of the row that runs here, in G multiply-adds a second.</summary>
internal sealed record CorePeak(double Float, double Precise, double Fast)
{
    private const int Rounds = 5;

    /// <summary>The forms that each row's products are made of: float, Precise, Fast.</summary>
    private static readonly Dictionary<string, (string Float, string Precise, string Fast)> _forms = new()
    {
        ["avx512-vnni"] = ("avx512 float", "avx2-vnni bytes, vpdpbusd", "avx512 0..127, vpmaddubsw"),
        ["avx512"] = ("avx512 float", "avx512 int16 pairs, vpmaddwd", "avx512 0..127, vpmaddubsw"),
        ["avx2-vnni"] = ("avx2 float", "avx2-vnni bytes, vpdpbusd", "avx2-vnni bytes, vpdpbusd"),
        ["avx2"] = ("avx2 float", "avx2 int16 pairs, vpmaddwd", "avx2 0..127, vpmaddubsw"),
        ["neon-dot"] = ("vector128 float", "neon-dot sdot", "neon-dot sdot"),
        ["vector128"] = ("vector128 float", "vector128 int16 pairs", "vector128 int16 pairs"),
        ["scalar"] = ("scalar float", "scalar int16 pairs", "scalar int16 pairs"),
    };

    public static CorePeak Measure()
    {
        (string single, string precise, string fast) = _forms[KernelSets.Choose(null).Name];
        return new CorePeak(Of(single), Of(precise), Of(fast));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"float {Float:F0}, Precise {Precise:F0}, Fast {Fast:F0}");

    private static double Of(string name)
    {
        PeakForm form = PeakForm.All.Single(form => form.Name == name);
        double products = 0;
        double[] times = InterleavedTimer.Measure([() => products = form.Run()], Rounds)[0];
        return products / times.Min();
    }
}
