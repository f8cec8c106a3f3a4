using Quantize.Build;
using static Quantize.Generator.Tests.TestSignatures;

namespace Quantize.Generator.Tests;

/// <summary>Labels of outputs, and inputs that are made of bytes.</summary>
public sealed class LabelTests
{
    private static readonly ModelSignature s_labelled = Model("AnimalModel", Method(
        "serving_default",
        [.. Labelled.Methods[0].Inputs],
        [.. Labelled.Methods[0].Outputs, Tensor("places", "Float32", "batch 3") with { Labels = new(["left", "right"]), LabelKind = SignatureTensor.LabelsOfValues }]));

    [Fact]
    public void The_label_of_the_greatest_value() => Equal("bird, dog \"Rex\" 0.5, bird 2", """
        AnimalModel.Prediction one = AnimalModel.Predict(new float[] { 1, -0.5f, -2 });
        (string label, float value) = one.TopLabels(2)[1];
        return FormattableString.Invariant($"{one.Label}, {label} {value}, {one.TopLabels(1)[0].Label} {one.TopLabels(9)[0].Value}");
        """);

    [Fact]
    public void Of_equal_values_the_first() => Equal("cat cat dog \"Rex\"", """
        AnimalModel.Prediction one = AnimalModel.Predict(new float[3]);
        return $"{one.Label} {one.TopLabels(2)[0].Label} {one.TopLabels(2)[1].Label}";
        """);

    [Fact]
    public void Values_that_are_positions_have_a_label_each() => Equal("right||left", """
        return string.Join("|", AnimalModel.Predict(new float[] { -1, -2, 0 }).PlacesLabels);
        """);

    [Fact]
    public void Each_item_of_a_batch_has_its_own() => Equal("cat bird", """
        return string.Join(" ", AnimalModel.PredictBatch(new float[] { 0, 1, 1, 0, 0, -1 }).Select(item => item.Label));
        """);

    [Fact]
    public void The_text_of_a_result_tells_the_label() => Equal("Label = cat, Scores = [2, -1, -1], Places = [2, -1, -1]", """
        return AnimalModel.Predict(new float[] { -2, 1, 1 }).ToString();
        """);

    [Fact]
    public void The_class_has_the_list() => Equal("3 dog \"Rex\" 2", """
        return $"{AnimalModel.ScoresLabels.Count} {AnimalModel.ScoresLabels[1]} {AnimalModel.PlacesLabels.Count}";
        """);

    [Fact]
    public void Bytes_become_what_the_model_was_trained_on() => Equal("-1 -0.003921569 1", """
        return string.Join(" ", AnimalModel.NormalizeImage(new byte[] { 0, 127, 255 }).Select(value => value.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        """);

    [Fact]
    public void Each_channel_has_its_own_mean()
    {
        float[] normalized = new float[7];
        Runtime.Generated.Normalization.Apply([10, 20, 30, 40, 50, 60], normalized, [1, 2, 3], [1, 2, 3]);
        Assert.Equal([9, 9, 9, 39, 24, 19, 0], normalized);
        Assert.Throws<ArgumentException>(() => Runtime.Generated.Normalization.Apply([1, 2], new float[1], [0], [1]));
    }

    [Theory]
    [InlineData("label", "Label2")]
    [InlineData("labels", "Label")]
    public void An_output_of_that_name_keeps_it(string key, string property)
    {
        SignatureTensor scores = Tensor("scores", "Int8", "2") with { Labels = new(["a", "b"]), Scale = 1 };
        string source = TestProject.With(Model("OddModel", Method("serving_default", [Tensor("x", "Float32", "2")], [scores, Tensor(key, "Float32", "2")]))).GenerateClean();
        Assert.Contains($"public string {property} => ", source);
    }

    [Theory]
    [InlineData("batch 2 3")]
    [InlineData("batch n")]
    public void Labels_of_what_is_no_row_of_values_are_a_list_of_the_class(string shape)
    {
        SignatureTensor map = Tensor("map", "Float32", shape) with { Labels = new(["a", "b", "c"]) };
        string source = TestProject.With(Model("MapModel", Method("serving_default", [Tensor("x", "Float32", "batch 2")], [map]))).GenerateClean();
        Assert.Contains("IReadOnlyList<string> Labels { get; }", source);
        Assert.DoesNotContain("TopLabels", source);
    }

    private static void Equal(string expected, string statements) => Assert.Equal(expected, TestProject.With(s_labelled)
        .AddResource(s_labelled.ResourceName, TinyModel.Write(s_labelled, [TinyOperator.Negative("image", "scores"), TinyOperator.Negative("image", "places")]))
        .AddSource(CallTests.Program(statements))
        .Run());
}
