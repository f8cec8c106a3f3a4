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
    public void Tensor_spans() => Snapshot.Match("Tensors", new TestProject { HasTensors = true }.Add(TestSignatures.OpenSizes).GenerateClean());

    private static void Match(string name, ModelSignature signature) => Snapshot.Match(name, TestProject.With(signature).GenerateClean());
}
