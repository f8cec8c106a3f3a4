using Quantize.Build;
using Quantize.Tests;

namespace Quantize.Converter.Tests.TfLite;

/// <summary>What the signature of a .tflite says of state and of lengths that only a run knows.</summary>
public sealed class StateTests
{
    [Theory]
    [InlineData("variables/acc", true)]
    [InlineData("signatures/stateful", true)]
    [InlineData("svdf/float_r1_hand", true)]
    [InlineData("signatures/encode_decode", false)]
    [InlineData("control_flow/while_count", false)]
    public void A_model_whose_runs_change_what_the_next_finds_is_stateful(string path, bool isStateful) => Assert.Equal(isStateful, Signature(path).IsStateful);

    [Fact]
    public void A_length_that_no_input_tells_is_no_batch()
    {
        SignatureTensor where = Assert.Single(Assert.Single(Signature("where/r1").Methods).Outputs);
        Assert.Equal(where.Shape, new([$"{where.Key}_0", "1"]));
    }

    [Fact]
    public void Custom_operators_are_none_of_the_runtimes_list() =>
        Assert.DoesNotContain("Custom", Signature("detection_postprocess/fast_hand").Operators);

    private static ModelSignature Signature(string path) =>
        ModelConverter.Convert(new ConversionRequest { ModelPath = Path.Combine(Repository.Shared("data", "tflite_typed"), path, "model.tflite") }).Signature;
}
