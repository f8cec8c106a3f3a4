using Quantize.Build;

namespace Quantize.Tool.Tests;

public sealed class NearMissTests
{
    private static readonly string[] s_names = [.. ModelOption.Metadata.Select(option => option.Name)];

    [Theory]
    [InlineData("Quantisation", "Quantization")]
    [InlineData("quantiztaion", "Quantization")]
    [InlineData("KeepFlaot", "KeepFloat")]
    [InlineData("keep_float", "KeepFloat")]
    [InlineData("Class-Name", "ClassName")]
    [InlineData("SignaturesKey", "SignatureKey")]
    [InlineData("Tag", "Tags")]
    [InlineData("InputArray", "InputArrays")]
    public void A_slip_of_the_pen_is_understood(string written, string meant) => Assert.Equal(meant, NearMiss.Of(written, s_names));

    [Theory]
    [InlineData("")]
    [InlineData("Flags")]
    [InlineData("Link")]
    [InlineData("Visible")]
    [InlineData("CopyToOutputDirectory")]
    [InlineData("Arrays")]
    [InlineData("Qantisatoin")]
    public void Another_word_is_another_word(string written) => Assert.Null(NearMiss.Of(written, s_names));

    [Fact]
    public void The_nearest_comes_first_and_then_the_first_of_the_alphabet() =>
        Assert.Equal(("model_b", "model_ac"), (NearMiss.Of("model_bb", ["model_ac", "model_b", "model_aa"]), NearMiss.Of("model_cc", ["model_bc", "model_ac"])));

    [Fact]
    public void A_name_without_end_costs_nothing() => Assert.Null(NearMiss.Of(new string('a', 1_000_000), [new string('b', 1_000_000)]));
}
