using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Ops;
using Quantize.Runtime.Shapes;
using SubgraphCalls = Quantize.Runtime.Planning.SubgraphCalls;

namespace Quantize.Converter.TfLite;

/// <summary>Reads a .tflite back as graphs, so that its float weights can be quantized. Operators keep their order, tensors their names.</summary>
internal sealed class TfLiteGraphReader(TfLiteModel model)
{
    private const string DefaultKey = "serving_default";

    private readonly Graph?[] _graphs = new Graph?[model.Subgraphs.Length];

    /// <summary>Every signature, or the one of a key, as an entry point.</summary>
    /// <exception cref="ModelFormatException">The file holds what a graph cannot: state, or operators that are not known here.</exception>
    public static Module Read(TfLiteModel model, string? signatureKey = null)
    {
        Signature[] signatures = model.Signatures.Length > 0 ? model.Signatures : [TfLiteSource.OfTensorNames(model.Subgraphs[0])];
        SubgraphCalls.Check(model);
        var reader = new TfLiteGraphReader(model);
        Graph[] graphs = [.. Enumerable.Range(0, model.Subgraphs.Length).Select(reader.Graph)];
        EntryPoint[] entryPoints = [.. signatures.Where(signature => signatureKey is null || signature.Key == signatureKey).OrderBy(signature => signature.Key != DefaultKey).Select(signature => EntryPoint(model, graphs, signature))];
        return new Module(graphs, entryPoints);
    }

    private static EntryPoint EntryPoint(TfLiteModel model, Graph[] graphs, Signature signature)
    {
        Subgraph subgraph = model.Subgraphs[signature.Subgraph];
        string Key(SignatureEntry[] entries, int tensor) => Array.Find(entries, entry => entry.Tensor == tensor)?.Key ?? subgraph.Tensors[tensor].Name;
        return new EntryPoint(
            signature.Key, graphs[signature.Subgraph],
            [.. subgraph.Inputs.Select(tensor => Key(signature.Inputs, tensor))], [.. subgraph.Outputs.Select(tensor => Key(signature.Outputs, tensor))]);
    }

    private Graph Graph(int index)
    {
        if (_graphs[index] is { } read)
            return read;
        Subgraph subgraph = model.Subgraphs[index];
        var graph = new Graph(subgraph.Name);
        Value[] values = [.. subgraph.Tensors.Select(Value)];
        graph.Inputs.AddRange(subgraph.Inputs.Select(tensor => values[tensor]));
        foreach (Operator op in subgraph.Operators)
        {
            if (!OperatorTable.All.Has(op.Code))
                throw new ModelFormatException($"the operator {op.Name} is not known; ask for no change of weights or arithmetic to take the file as it is");
            string name = op.Outputs.Length > 0 ? subgraph.Tensors[op.Outputs[0]].Name : op.Name;
            IEnumerable<Value?> inputs = op.Inputs.Select(tensor => tensor < 0 ? null : values[tensor]);
            var node = new Node(name, op.Code, CalleeIndices.InNode(op.Options), inputs, op.Outputs.Select(tensor => values[tensor]))
            {
                Callees = [.. SubgraphCalls.Of(op).Select(Graph)],
                Number = graph.NextNumber(),
            };
            graph.Nodes.Add(node);
            ShapeInference.Infer(node);
        }

        graph.Outputs.AddRange(subgraph.Outputs.Select(tensor => values[tensor]));
        return _graphs[index] = graph;
    }

    private Value Value(Tensor tensor)
    {
        if (tensor.IsVariable && CompiledModel.StateBeginsAnew(model))
            return new Value(tensor.Name, tensor.Type, Shape.Of(tensor.Shape.AsSpan())) { IsVariable = true, BeginsAnew = true, Quantization = tensor.Quantization };
        if (tensor.IsVariable)
            throw new ModelFormatException($"'{tensor.Name}' is state that survives a call; ask for no change of weights or arithmetic to take the file as it is");
        Value value = tensor.IsConstant
            ? Graphs.Value.Constant(tensor.Name, tensor.Type, tensor.Shape, model.Data(tensor)[..(int)tensor.Type.ByteCount(tensor.Shape.Aggregate(1L, (product, length) => product * length))].ToArray())
            : new Value(tensor.Name, tensor.Type, Shape.Of([.. tensor.ShapeSignature.Select((length, axis) => length >= 0 ? length : Dimension.Symbol(OpenDimension.Name(tensor.Name, axis)))]));
        value.Quantization = tensor.Quantization;
        return value;
    }
}
