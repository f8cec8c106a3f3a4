using Quantize.Tests;

namespace Quantize.Tool.Tests;

/// <summary>All forms in which the sample's network can come convert, and predict the same, to the last of the 10,000 pictures.</summary>
public sealed class SourceFormTests(SourceForms forms) : IClassFixture<SourceForms>
{
    [Theory]
    [InlineData("frozen", "None")]
    [InlineData("frozen", "DynamicRange")]
    [InlineData("keras", "None")]
    [InlineData("keras", "DynamicRange")]
    [InlineData("keras3", "None")]
    [InlineData("keras3", "DynamicRange")]
    public void Predictions_are_those_of_the_SavedModel_of_TensorFlow_1(string form, string scheme)
    {
        byte[] expected = forms.Predict("tf1", scheme), actual = forms.Predict(form, scheme);
        Assert.Equal(MnistImages.Evaluated, expected.Length);
        int[] different = [.. Enumerable.Range(0, expected.Length).Where(image => expected[image] != actual[image])];
        Assert.True(different.Length == 0, $"pictures {string.Join(", ", different.Take(20))} are predicted differently");
    }

    [Fact]
    public void Float_predictions_are_TensorFlows() =>
        Assert.Equal(File.ReadAllBytes(Repository.Shared("data", "mnist_model", "predictions_t10k.tf.u8"))[..MnistImages.Evaluated], forms.Predict("tf1", "None"));
}
