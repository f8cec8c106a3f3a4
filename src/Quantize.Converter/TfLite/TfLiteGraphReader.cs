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
    private readonly Value[][] _values = new Value[model.Subgraphs.Length][];

    /// <summary>Every signature, or the one of a key, as an entry point.</summary>
    /// <exception cref="ModelFormatException">The file holds what a graph cannot: operators that are not known here, or scales for blocks of weights.</exception>
    public static Module Read(TfLiteModel model, string? signatureKey = null)
    {
        Signature[] signatures = model.Signatures.Length > 0 ? model.Signatures : [TfLiteSource.OfTensorNames(model.Subgraphs[0])];
        SubgraphCalls.Check(model);
        var reader = new TfLiteGraphReader(model);
        Graph[] graphs = [.. Enumerable.Range(0, model.Subgraphs.Length).Select(reader.Graph)];
        IEnumerable<Signature> wanted = signatures.Where(signature => signatureKey is null || signature.Key == signatureKey);
        EntryPoint[] entryPoints = [.. wanted.OrderBy(signature => signature.Key != DefaultKey).Select(reader.EntryPoint)];
        return new Module(graphs, entryPoints);
    }

    private EntryPoint EntryPoint(Signature signature)
    {
        Subgraph subgraph = model.Subgraphs[signature.Subgraph];
        string Key(SignatureEntry[] entries, int tensor) => Array.Find(entries, entry => entry.Tensor == tensor)?.Key ?? subgraph.Tensors[tensor].Name;
        return new EntryPoint(
            signature.Key, Graph(signature.Subgraph),
            [.. subgraph.Inputs.Select(tensor => Key(signature.Inputs, tensor))], [.. subgraph.Outputs.Select(tensor => Key(signature.Outputs, tensor))])
        {
            StatedInputs = Stated(signature, signature.Inputs, subgraph.Inputs),
            StatedOutputs = Stated(signature, signature.Outputs, subgraph.Outputs),
        };
    }

    private (string Key, Value Value)[] Stated(Signature signature, SignatureEntry[] entries, int[] tensors)
    {
        if (Array.Find(entries, entry => !tensors.Contains(entry.Tensor)) is { } stray)
            throw new ModelFormatException($"the signature '{signature.Key}' has '{stray.Key}', which is no input or output of its subgraph");
        return [.. entries.Select(entry => (entry.Key, _values[signature.Subgraph][entry.Tensor]))];
    }

    private Graph Graph(int index)
    {
        if (_graphs[index] is { } read)
            return read;
        Subgraph subgraph = model.Subgraphs[index];
        var graph = new Graph(subgraph.Name);
        Value[] values = _values[index] = [.. subgraph.Tensors.Select(Value)];
        graph.Inputs.AddRange(subgraph.Inputs.Select(tensor => values[tensor]));
        foreach (Operator op in subgraph.Operators)
        {
            bool isCustom = op.Code == BuiltinOperator.Custom;
            if (!isCustom && !OperatorTable.All.Has(op.Code))
                throw new ModelFormatException($"the operator {op.Name} is not known; ask for no change of weights or arithmetic to take the file as it is");
            string name = op.Outputs.Length > 0 ? subgraph.Tensors[op.Outputs[0]].Name : op.Name;
            IEnumerable<Value?> inputs = op.Inputs.Select(tensor => tensor < 0 ? null : values[tensor]);
            var node = new Node(name, op.Code, CalleeIndices.InNode(op.Options), inputs, op.Outputs.Select(tensor => values[tensor]))
            {
                Callees = [.. SubgraphCalls.Of(op).Select(Graph)],
                Intermediates = [.. op.Intermediates.Select(tensor => tensor < 0 ? null : values[tensor])],
                Number = graph.NextNumber(),
            };
            graph.Nodes.Add(node);
            if (!isCustom)
                ShapeInference.Infer(node);
        }

        graph.Outputs.AddRange(subgraph.Outputs.Select(tensor => values[tensor]));
        return _graphs[index] = graph;
    }

    private Value Value(Tensor tensor)
    {
        if (tensor.Blockwise is not null)
            throw new ModelFormatException($"'{tensor.Name}' has scales for blocks of weights; ask for no change of weights or arithmetic to take the file as it is");
        Value value = tensor.IsConstant
            ? Graphs.Value.Constant(tensor.Name, tensor.Type, tensor.Shape, model.Data(tensor)[..(int)tensor.Type.ByteCount(tensor.Shape.Aggregate(1L, (product, length) => product * length))].ToArray())
            : new Value(tensor.Name, tensor.Type, Shape.Of([.. tensor.ShapeSignature.Select((length, axis) => length >= 0 ? length : Dimension.Symbol(OpenDimension.Name(tensor.Name, axis)))]))
            {
                IsVariable = tensor.IsVariable,
                BeginsAnew = tensor.IsVariable && CompiledModel.StateBeginsAnew(model),
            };
        value.Quantization = tensor.Quantization;
        return value;
    }
}
