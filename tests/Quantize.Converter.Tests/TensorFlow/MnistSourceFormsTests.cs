using Quantize.Converter.TensorFlow;
using Quantize.Tests;

namespace Quantize.Converter.Tests.TensorFlow;

/// <summary>One set of weights was saved in four forms.</summary>
public class MnistSourceFormsTests
{
    private static readonly (string Name, int[] Shape)[] Weights =
    [
        ("conv2d/kernel", [5, 5, 1, 32]),
        ("conv2d/bias", [32]),
        ("conv2d_1/kernel", [5, 5, 32, 64]),
        ("conv2d_1/bias", [64]),
        ("dense/kernel", [3136, 1024]),
        ("dense/bias", [1024]),
        ("dense_1/kernel", [1024, 10]),
        ("dense_1/bias", [10]),
    ];

    [Theory]
    [InlineData("saved_model_keras")]
    [InlineData("saved_model_keras3")]
    public void A_Keras_export_has_the_weights_of_the_frozen_graph_to_the_last_bit(string name)
    {
        using var joined = new JoinedSavedModel(Repository.Shared("data", "mnist_model", name));

        AssertSameWeights(Read("frozen.pb"), TensorFlowReader.Read(joined.Folder, new TfReadOptions { SignatureKey = "serving_default" }));
    }

    [Fact]
    public void The_2018_SavedModel_has_the_weights_of_the_frozen_graph_to_the_last_bit() =>
        AssertSameWeights(Read("frozen.pb"), Read("saved_model_tf1"));

    [Fact]
    public void Signatures_name_inputs_and_outputs_with_their_types_and_shapes()
    {
        TfModel model = Read("saved_model_tf1");

        Assert.Equal(["classify", "serving_default"], model.Signatures.Select(signature => signature.Key));
        TfSignature signature = model.Signatures[1];
        TfSignatureTensor image = Assert.Single(signature.Inputs);
        Assert.Equal(("image", "Placeholder", TfDataType.Float32), (image.Key, image.Edge.ToString(), image.Type));
        Assert.Equal([-1, 28, 28], image.Shape.Dimensions!);
        Assert.Equal(["classes", "probabilities"], signature.Outputs.Select(output => output.Key));
        Assert.Equal(["ArgMax", "Softmax"], signature.Outputs.Select(output => output.Edge.ToString()));
        Assert.Equal([TfDataType.Int64, TfDataType.Float32], signature.Outputs.Select(output => output.Type));
    }

    [Fact]
    public void The_saver_the_initializers_and_the_step_counter_fall_away()
    {
        TfModel model = Read("saved_model_tf1");

        Assert.DoesNotContain(model.Graph.Nodes, node => node.Op is "SaveV2" or "RestoreV2" or "Assign" or "VariableV2");
        Assert.DoesNotContain(model.Graph.Nodes, node => node.Name.StartsWith("global_step", StringComparison.Ordinal));
        Assert.Equal("Const", Assert.Single(model.Graph.Nodes, node => node.Name == "conv2d/kernel").Op);
    }

    [Fact]
    public void The_order_of_a_graph_puts_inputs_first_and_is_the_same_each_time()
    {
        TfModel model = Read("saved_model_tf1");
        TfEdge[] outputs = [.. model.Signatures[1].Outputs.Select(output => output.Edge)];

        List<TfNode> order = model.Graph.TopologicalOrder(outputs);

        Assert.All(order, node => Assert.All(node.Inputs, input => Assert.True(order.IndexOf(input.Node) < order.IndexOf(node))));
        TfModel again = Read("saved_model_tf1");
        Assert.Equal(
            order.Select(node => node.Name),
            again.Graph.TopologicalOrder(again.Signatures[1].Outputs.Select(output => output.Edge)).Select(node => node.Name));
    }

    private static TfModel Read(string name) => TensorFlowReader.Read(Repository.Shared("data", "mnist_model", name), new TfReadOptions());

    private static void AssertSameWeights(TfModel expected, TfModel actual)
    {
        foreach ((string name, int[] shape) in Weights)
        {
            TfTensor weight = Weight(actual, shape);
            Assert.True(Weight(expected, shape).Bytes.Span.SequenceEqual(weight.Bytes.Span), name);
        }
    }

    /// <summary>No two of the weights have one shape.</summary>
    private static TfTensor Weight(TfModel model, int[] shape) => Assert.Single(
        model.Graph.Nodes.Where(node => node.Op == "Const").Select(node => node.Attribute<TfTensor?>("value", null)),
        tensor => tensor!.Type == TfDataType.Float32 && tensor.Shape.AsSpan().SequenceEqual(shape))!;
}
