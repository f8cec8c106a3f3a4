using Quantize.Converter.Reports;
using Quantize.Tests;

namespace Quantize.Converter.Tests.Quantization;

/// <summary>The way out per layer.</summary>
public sealed class KeepFloatTests
{
    private static readonly string s_model = Path.Combine(Repository.Root, "samples", "Mnist", "models", "mnist");

    [Fact]
    public void An_operator_that_is_named_stays_float_and_says_why()
    {
        ConversionResult all = ModelConverter.Convert(new ConversionRequest { ModelPath = s_model });
        ConversionResult kept = ModelConverter.Convert(new ConversionRequest { ModelPath = s_model, KeepFloat = ["*dense/MatMul"] });
        WeightReport dense = kept.Report!.Weights.Single(weight => weight.StayedFloatBecause == "as it was asked for");
        Assert.Contains("dense/MatMul", dense.Node, StringComparison.Ordinal);
        Assert.Equal(all.Model.Length + dense.Elements * 3L, kept.Model.Length, 0.02 * dense.Elements);
        Assert.Empty(kept.Warnings);
    }

    [Fact]
    public void A_pattern_that_finds_nothing_is_told_with_the_names_there_are()
    {
        ConversionResult result = ModelConverter.Convert(new ConversionRequest { ModelPath = s_model, KeepFloat = ["no_such_layer*"] });
        string warning = Assert.Single(result.Warnings).ToString();
        Assert.Contains("QNT3003", warning, StringComparison.Ordinal);
        Assert.Contains("'no_such_layer*'", warning, StringComparison.Ordinal);
        Assert.Contains("dense/MatMul", warning, StringComparison.Ordinal);
    }
}
