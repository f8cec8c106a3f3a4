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
        PeakForm[] forms = [.. new[] { single, precise, fast }.Select(static name => PeakForm.All.Single(form => form.Name == name))];
        double[] products = new double[forms.Length];
        double[][] times = InterleavedTimer.Measure([.. forms.Select<PeakForm, Action>((form, i) => () => products[i] = form.Run())], Rounds);
        return new CorePeak(products[0] / times[0].Min(), products[1] / times[1].Min(), products[2] / times[2].Min());
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"float {Float:F0}, Precise {Precise:F0}, Fast {Fast:F0}");
}
