using Quantize.Converter.Graphs;
using Quantize.Converter.Tests.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Tests.Passes;

/// <summary>An LSTM over [steps, batch, features] as a loop, in the forms that front ends write; one thing at a time may be otherwise.</summary>
internal sealed record LstmLoop
{
    public const int Steps = 5, Batch = 2, Features = 3, Units = 4;

    private const int Step = 0, List = 1, Output = 2, Cell = 3, Sequence = 4;

    /// <summary>One product of sequence and output side by side, with a number added to the forget gate; or two products.</summary>
    public bool IsJoined { get; init; }

    public bool IsBackwards { get; init; }

    public int Limit { get; init; } = Steps;

    public float InitialOutput { get; init; }

    public BuiltinOperator GateFunction { get; init; } = BuiltinOperator.Logistic;

    public ActivationFunction FusedBehindCell { get; init; }

    /// <summary>Which tensor of the loop the model gives beside the list.</summary>
    public int Second { get; init; } = Output;

    public Graph Build()
    {
        var builder = new GraphBuilder();
        Value x = builder.Input("x", Steps, Batch, Features);
        Value[] before = [ConstantData.Scalar("first", 0), Floats("list", 0, Steps, Batch, Units), Floats("output", InitialOutput, Batch, Units), Floats("cell", 0, Batch, Units), x];
        Value[] behind = [.. before.Select((value, i) => new Value($"loop:{i}", value.Type, value.Shape))];
        Graph graph = builder.Build();
        graph.Nodes.Add(new Node("loop", BuiltinOperator.While, new WhileOptions { BodySubgraphIndex = 1 }, before, behind) { Callees = [Condition(), Body()] });
        graph.Outputs.AddRange([behind[List], behind[Second]]);
        Assert.Null(GraphChecker.Fault(graph));
        return graph;
    }

    private Graph Condition()
    {
        var builder = new GraphBuilder();
        Value step = Arguments(builder)[Step];
        return builder.Build(builder.Node("less", BuiltinOperator.Less, step, ConstantData.Scalar("steps", Limit)));
    }

    private Graph Body()
    {
        var builder = new GraphBuilder();
        Value[] arguments = Arguments(builder);
        Value place = IsBackwards ? builder.Node("place", BuiltinOperator.Sub, ConstantData.Scalar("last", Steps - 1), arguments[Step]) : arguments[Step];
        Value now = builder.Node("now", BuiltinOperator.Gather, arguments[Sequence], place);
        Value[] gates = Gates(builder, Sums(builder, now, arguments[Output]));
        Value kept = builder.Node("kept", BuiltinOperator.Mul, arguments[Cell], Function(builder, GateFunction, gates[2]));
        Value taken = builder.Node("taken", BuiltinOperator.Mul, Function(builder, BuiltinOperator.Logistic, gates[0]), Function(builder, BuiltinOperator.Tanh, gates[1]));
        Value cell = builder.Node("new cell", BuiltinOperator.Add, new AddOptions { Activation = FusedBehindCell }, taken, kept);
        Value output = builder.Node("new output", BuiltinOperator.Mul, Function(builder, BuiltinOperator.Tanh, cell), Function(builder, BuiltinOperator.Logistic, gates[3]));
        Value at = builder.Node("at", BuiltinOperator.Pack, new PackOptions { ValuesCount = 3 }, arguments[Step], ConstantData.Scalar("0", 0), ConstantData.Scalar("0", 0));
        Value row = builder.Node("row", BuiltinOperator.ExpandDims, output, ConstantData.Scalar("axis", 0));
        Value list = builder.Node("new list", BuiltinOperator.DynamicUpdateSlice, arguments[List], row, at);
        Value next = builder.Node("next", BuiltinOperator.Add, arguments[Step], ConstantData.Scalar("one", 1));
        return builder.Build(next, list, output, cell, arguments[Sequence]);
    }

    private Value Sums(GraphBuilder builder, Value now, Value output)
    {
        if (IsJoined)
        {
            Value joined = builder.Node("joined", BuiltinOperator.Concatenation, new ConcatenationOptions { Axis = 1 }, now, output);
            return builder.Node("sums", BuiltinOperator.FullyConnected, joined, Weights("weights", 1, 4 * Units, Features + Units), Weights("bias", 2, 4 * Units));
        }

        Value fromInput = builder.Node("from input", BuiltinOperator.FullyConnected, now, Weights("kernel", 1, 4 * Units, Features), null);
        Value fromOutput = builder.Node("from output", BuiltinOperator.FullyConnected, output, Weights("recurrent", 3, 4 * Units, Units), null);
        return builder.Node("sums", BuiltinOperator.Add, builder.Node("both", BuiltinOperator.Add, fromInput, fromOutput), Weights("bias", 2, 4 * Units));
    }

    /// <summary>In the order input, candidate, forget, output.</summary>
    private Value[] Gates(GraphBuilder builder, Value sums)
    {
        Value[] parts = [.. Enumerable.Range(0, 4).Select(i => new Value($"gate{i}", TensorType.Float32, Shape.Unknown))];
        builder.Add(new Node("split", BuiltinOperator.Split, new SplitOptions { NumSplits = 4 }, [ConstantData.Scalar("axis", 1), sums], parts));
        if (IsJoined)
            parts[2] = builder.Node("biased", BuiltinOperator.Add, parts[2], ConstantData.Scalar("forget bias", 1f));
        return parts;
    }

    private static Value Function(GraphBuilder builder, BuiltinOperator code, Value value) => builder.Node($"{code} of {value.Name}", code, value);

    private static Value[] Arguments(GraphBuilder builder) =>
    [
        builder.Input("step", TensorType.Int32),
        builder.Input("list", Steps, Batch, Units),
        builder.Input("output", Batch, Units),
        builder.Input("cell", Batch, Units),
        builder.Input("sequence", Steps, Batch, Features),
    ];

    private static Value Floats(string name, float number, params int[] shape) =>
        ConstantData.Of(name, shape, Enumerable.Repeat(number, shape.Aggregate((product, length) => product * length)).ToArray());

    private static Value Weights(string name, int seed, params int[] shape)
    {
        var random = new Random(seed);
        return ConstantData.Of(name, shape, [.. Enumerable.Range(0, shape.Aggregate((product, length) => product * length)).Select(_ => random.NextSingle() - 0.5f)]);
    }
}
