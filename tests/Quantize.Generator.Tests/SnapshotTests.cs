using Quantize.Build;

namespace Quantize.Generator.Tests;

public sealed class SnapshotTests
{
    [Fact]
    public void An_open_batch_and_two_signatures() => Match("Mnist", TestSignatures.Mnist);

    [Fact]
    public void Several_inputs() => Match("SeveralInputs", TestSignatures.SeveralInputs);

    [Fact]
    public void Sizes_that_a_call_tells() => Match("OpenSizes", TestSignatures.OpenSizes);

    [Fact]
    public void No_open_dimension() => Match("Fixed", TestSignatures.Fixed);

    [Fact]
    public void A_stateful_model() => Match("Stateful", TestSignatures.Stateful);

    [Fact]
    public void Quantized_inputs_and_outputs() => Match("Integers", TestSignatures.Integers);

    [Fact]
    public void Labels_and_a_normalization() => Match("Labelled", TestSignatures.Labelled);

    [Fact]
    public void Tensor_spans() => Snapshot.Match("Tensors", new TestProject { HasTensors = true }.Add(TestSignatures.OpenSizes).GenerateClean());

    [Fact]
    public void Files_outside_the_namespace_call_the_class_by_its_name() =>
        new TestProject().Add(TestSignatures.Mnist).AddSource("static class Outside { public static int Size => MnistModel.ImageSize; }").GenerateClean();

    [Fact]
    public void Another_class_of_that_name_keeps_it()
    {
        const string Source = "static class MnistModel { public static int Own => 1; } static class Outside { public static int Sum => MnistModel.Own + MyApp.MnistModel.ImageSize; }";
        Assert.DoesNotContain("global using", new TestProject().Add(TestSignatures.Mnist).AddSource(Source).GenerateClean());
    }

    [Fact]
    public void Two_models_of_one_name_are_told_apart_by_their_namespaces() => Assert.DoesNotContain(
        "global using", new TestProject().Add(TestSignatures.Mnist, TestSignatures.Mnist with { Namespace = "Other" }).GenerateClean());

    private static void Match(string name, ModelSignature signature) => Snapshot.Match(name, TestProject.With(signature).GenerateClean());
}
