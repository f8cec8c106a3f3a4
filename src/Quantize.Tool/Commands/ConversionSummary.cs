using System.Globalization;
using Quantize.Build;
using Quantize.Converter;
using Quantize.Converter.Reports;

namespace Quantize.Tool.Commands;

/// <summary>A few lines about what a conversion did.</summary>
internal static class ConversionSummary
{
    public static void Print(string path, ConversionResult result, Screen screen)
    {
        ConversionReport report = result.Report!;
        WeightReport[] quantized = [.. report.Weights.Where(weight => weight.StayedFloatBecause is null)];
        WeightReport[] stayedFloat = [.. report.Weights.Where(weight => weight.StayedFloatBecause is not null)];
        screen.Line($"{SafeText.Line(path)}: {Number(report.ModelBytes)} bytes");
        if (quantized.Length > 0)
        {
            string ratio = ((double)report.FloatBytes / report.ModelBytes).ToString("F2", CultureInfo.InvariantCulture);
            screen.Line($"  {ratio} times smaller than the {Number(report.FloatBytes)} bytes with float weights");
            screen.Line($"  in 8 bits: {Number(quantized.Sum(weight => (long)weight.Elements))} weights of {Number(quantized.Length)} operators");
        }

        foreach (WeightReport weight in stayedFloat)
            screen.Line($"  float: {SafeText.Line(weight.Node)} ({SafeText.Line(weight.StayedFloatBecause!)})");
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
