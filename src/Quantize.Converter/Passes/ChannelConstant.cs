using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Passes;

/// <summary>What the folding passes ask of an operator with weights and of the arithmetic behind it.</summary>
internal static class ChannelConstant
{
    /// <summary>The axis of the weights that runs along the output channels; -1 where the operator has no weights.</summary>
    public static int WeightAxis(Node node) => node.Code switch
    {
        BuiltinOperator.Conv2D or BuiltinOperator.FullyConnected or BuiltinOperator.TransposeConv => 0,
        BuiltinOperator.DepthwiseConv2D or BuiltinOperator.Conv3DTranspose => 3,
        BuiltinOperator.Conv3D => 4,
        _ => -1,
    };

    /// <summary>Which input of an operator with weights is its bias.</summary>
    public static int BiasInput(Node node) => node.Code is BuiltinOperator.TransposeConv or BuiltinOperator.Conv3DTranspose ? 3 : 2;

    /// <summary>The operator with these weights and this bias takes the place of itself and the arithmetic behind it.</summary>
    public static void Absorb(Graph graph, Node weighted, Node arithmetic, Value weights, Value? bias)
    {
        OperatorOptions options = FusedActivation.With(weighted.Options, FusedActivation.Of(arithmetic.Options)!.Value);
        graph.Fuse(weighted, arithmetic, FusedName.WithBias(weighted, arithmetic), options, Inputs(weighted, weights, bias));
    }

    private static Value?[] Inputs(Node node, Value weights, Value? bias)
    {
        Value?[] inputs = [.. node.Inputs.Take(BiasInput(node))];
        inputs[1] = weights;
        return bias is null && node.Code == BuiltinOperator.TransposeConv ? inputs : [.. inputs, bias];
    }

    /// <summary>
    /// The operator with constant float weights that computes the other operand of <paramref name="arithmetic"/>, where nothing else reads it, no activation
    /// stands between, and the constant operand is one number for each output channel.
    /// </summary>
    public static bool TryMatch(Graph graph, Node arithmetic, bool constantMayComeFirst, out Node weighted, out float[] channels)
    {
        weighted = null!;
        channels = [];
        if (arithmetic.Inputs is not [Value first, Value second])
            return false;
        bool constantIsFirst = first.IsConstant && constantMayComeFirst;
        Value computed = constantIsFirst ? second : first;
        Value constant = constantIsFirst ? first : second;
        if (computed.Producer is not { } producer || WeightAxis(producer) < 0 || !constant.IsConstant || constant.Type != TensorType.Float32)
            return false;
        bool foldable = graph.IsReadOnlyBy(computed, arithmetic)
            && producer.Input(1) is { IsConstant: true, Type: TensorType.Float32 }
            && producer.Input(BiasInput(producer)) is null or { IsConstant: true, Type: TensorType.Float32 }
            && FusedActivation.Of(producer.Options) == ActivationFunction.None
            && computed.Shape.Equals(arithmetic.Output.Shape);
        if (!foldable || PerChannel(constant, OutputChannels(producer)) is not { } numbers)
            return false;
        weighted = producer;
        channels = numbers;
        return true;
    }

    public static int OutputChannels(Node weighted) => weighted.Input(1)!.Shape[WeightAxis(weighted)].Value;

    private static float[]? PerChannel(Value constant, int channels)
    {
        Shape shape = constant.Shape;
        ReadOnlySpan<float> numbers = ConstantData.Floats(constant);
        if (numbers.Length == 1)
            return [.. Enumerable.Repeat(numbers[0], channels)];
        return numbers.Length == channels && shape[^1] == channels ? numbers.ToArray() : null;
    }
}
