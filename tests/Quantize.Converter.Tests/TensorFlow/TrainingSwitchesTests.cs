using Quantize.Converter.TensorFlow;
using Quantize.Converter.TensorFlow.Protos;
using static Quantize.Converter.Tests.TensorFlow.TestGraphs;

namespace Quantize.Converter.Tests.TensorFlow;

/// <summary>Placeholders that choose between training and inference.</summary>
public sealed class TrainingSwitchesTests : IDisposable
{
    private readonly TemporaryModel _model = new();

    public void Dispose() => _model.Dispose();

    /// <summary>The dropout tells which side trains, whatever the flag is called and however it is turned.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_side_that_draws_numbers_is_that_of_training(bool drawsWhereFalse)
    {
        TfModel model = Read(Dropout("flag", drawsWhereFalse, readElsewhere: false));
        Assert.Equal("x", model.Signatures[0].Outputs[0].Edge.Node.Inputs[0].ToString());
        Assert.Equal(["x"], model.Signatures[0].Inputs.Select(input => input.Key));
        Assert.Equal("QNT1030", Assert.Single(model.Warnings).Entry.Id);
        Assert.DoesNotContain(model.Graph.Nodes, node => node.Op is "Switch" or "RandomUniform");
    }

    [Fact]
    public void A_flag_that_something_else_reads_stays()
    {
        TfModel model = Read(Dropout("is_training", false, readElsewhere: true));
        Assert.Empty(model.Warnings);
        Assert.Contains(model.Graph.Nodes, node => node.Op == "Switch");
    }

    [Theory]
    [InlineData("model/is_training", true)]
    [InlineData("keras_learning_phase", true)]
    [InlineData("take_left", false)]
    public void Where_the_sides_do_not_tell_the_name_does(string name, bool isSettled)
    {
        GraphDef graph = Graph(
        [
            Placeholder("x", 2), Flag(name), Node("switch", "Switch", "x", name), Node("left", "Neg", "switch:1"), Node("right", "Abs", "switch"),
            Node("merge", "Merge", "left", "right"), Node("out", "Relu", "merge"),
        ]);
        TfModel model = Read(graph);
        Assert.Equal(isSettled, model.Warnings.Count == 1);
        Assert.Equal(isSettled ? "right" : "merge", model.Signatures[0].Outputs[0].Edge.Node.Inputs[0].ToString());
    }

    private static NodeDef Flag(string name) => Node(name, "Placeholder").With("dtype", Type((int)TfDataType.Bool)).With("shape", new AttrValue { Shape = Shape() });

    private static GraphDef Dropout(string flag, bool drawsWhereFalse, bool readElsewhere)
    {
        string drawing = drawsWhereFalse ? "switch" : "switch:1", resting = drawsWhereFalse ? "switch:1" : "switch";
        return Graph(
        [
            Placeholder("x", 2), Flag(flag), Node("opposite", "LogicalNot", flag), Node("predicate", "LogicalNot", "opposite"), Const("shape", 2),
            Node("pivot_switch", "Switch", "predicate", "predicate"), Node("pivot", "Identity", drawsWhereFalse ? "pivot_switch" : "pivot_switch:1"),
            Node("switch", "Switch", "x", "predicate"), Node("noise", "RandomUniform", "shape", "^pivot"), Node("dropped", "Mul", drawing, "noise"),
            Node("merge", "Merge", resting, "dropped"), Node("out", "Relu", "merge"), Node("more", readElsewhere ? "Cast" : "Identity", flag), Node("used", "NoOp", "^more"),
        ]);
    }

    private TfModel Read(GraphDef graph) => _model.Read(graph, "out");
}
