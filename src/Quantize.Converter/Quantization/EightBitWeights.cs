using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Quantization;

/// <summary>What a model has of weights in 8 bits.</summary>
/// <param name="Any">There are some.</param>
/// <param name="MeetFloats">Some belong to an operator that computes floats with them: how it quantizes its activations is the arithmetic's affair.</param>
internal sealed record EightBitWeights(bool Any, bool MeetFloats)
{
    public static EightBitWeights Of(Module module) => Of(module.Nodes
        .Where(node => node.Outputs.Count > 0)
        .Select(node => (WeightPlaces.InputOf(node.Code) is { } input && node.Input(input) is { IsConstant: true } weights ? weights.Type : (TensorType?)null, node.Output.Type)));

    public static EightBitWeights Of(TfLiteModel model) => Of(model.Subgraphs
        .SelectMany(subgraph => subgraph.Operators.Where(op => op.Outputs.Length > 0).Select(op => (Weights(subgraph, op), subgraph.Tensors[op.Outputs[0]].Type))));

    private static TensorType? Weights(Subgraph subgraph, Operator op)
    {
        int tensor = WeightPlaces.InputOf(op.Code) is { } input && input < op.Inputs.Length ? op.Inputs[input] : -1;
        return tensor >= 0 && subgraph.Tensors[tensor].IsConstant ? subgraph.Tensors[tensor].Type : null;
    }

    private static EightBitWeights Of(IEnumerable<(TensorType? Weights, TensorType Result)> operators)
    {
        TensorType[] results = [.. operators.Where(op => op.Weights is TensorType.Int8 or TensorType.UInt8).Select(op => op.Result)];
        return new EightBitWeights(results.Length > 0, results.Contains(TensorType.Float32));
    }
}
