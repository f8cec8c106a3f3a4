using Quantize.Build;
using Quantize.Converter.Graphs;
using Quantize.Converter.TensorFlow;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Ops;

/// <summary>Makes the graph of one signature: TensorFlow's nodes, in an order that runs, each imported by its row of <see cref="TensorFlowOps"/>.</summary>
internal sealed class GraphImporter
{
    private readonly string _file;
    private readonly Graph _graph;
    private readonly Dictionary<TfEdge, Value> _values = [];
    private readonly List<ModelDiagnostic> _problems = [];
    private readonly Dictionary<Value, string> _keys = [];
    private readonly HashSet<Value> _rankless = [];

    private GraphImporter(string file, string name)
    {
        _file = file;
        _graph = new Graph(name);
    }

    /// <summary>The graph, and what could not be imported: such nodes are placeholders in it.</summary>
    public static (Graph Graph, IReadOnlyList<ModelDiagnostic> Problems) Import(TfSignature signature, InputShapes shapes, string file)
    {
        var importer = new GraphImporter(file, signature.Key);
        importer.AddInputs(signature, shapes);
        foreach (TfNode node in ImportOrder.Of(signature.Inputs.Select(input => input.Edge), signature.Outputs.Select(output => output.Edge)))
            importer.ImportNode(node);
        importer.AddOutputs(signature, shapes);
        return (importer._graph, importer._problems);
    }

    private void AddInputs(TfSignature signature, InputShapes shapes)
    {
        foreach (TfSignatureTensor input in signature.Inputs)
        {
            Shape shape = shapes.OfInput(input);
            if (!TensorTypeMap.TryMap(input.Type, out TensorType type) || type.Bits() == 0)
                _problems.Add(new ModelDiagnostic(DiagnosticTable.InputTypeUnsupported, _file, input.Key, $"{input.Type}"));
            var value = new Value(SignatureNames.Of(input), type, shape);
            _graph.Inputs.Add(value);
            _values[input.Edge] = value;
            _keys[value] = input.Key;
        }
    }

    private void AddOutputs(TfSignature signature, InputShapes shapes)
    {
        foreach (TfSignatureTensor output in signature.Outputs)
        {
            Value value = ValueOf(output.Edge);
            if (!value.Shape.HasRank && _problems.Count > 0)
                Declare(value, output, shapes);
            else if (!value.Shape.HasRank && OpenRanks.Behind(_graph, value).Count == 0)
                Contradict(output.Edge.Node, $"the output '{output.Key}' has a number of dimensions that only a run knows; reshape it in the model");
            value = AsDeclared(value, output.Type);
            if (value.IsConstant)
                value = ConstantData.Reshaped(value, value.Shape.ToArray());
            else if (_graph.Inputs.Contains(value))
                value = Copy(value);
            if (!_graph.IsOutput(value))
                value.Name = SignatureNames.Of(output);
            _graph.Outputs.Add(value);
        }
    }

    /// <summary>What the signature says of an output that could not be imported.</summary>
    private static void Declare(Value value, TfSignatureTensor output, InputShapes shapes)
    {
        value.Shape = shapes.OfOutput(output);
        if (TensorTypeMap.TryMap(output.Type, out TensorType type))
            value.Type = type;
    }

    private Value AsDeclared(Value value, TfDataType declared) => TensorTypeMap.TryMap(declared, out TensorType type)
        ? HalfFloats.As(new ImportContext(new TfNode(value.Name, "Cast"), [value], _graph), value, type)
        : value;

    /// <summary>An output is a tensor of its own: an input that is one as well is copied by a RESHAPE to its own shape.</summary>
    private Value Copy(Value value)
    {
        var context = new ImportContext(new TfNode(value.Name, "Identity"), [value], _graph);
        return context.Emit(BuiltinOperator.Reshape, value, context.Emit(BuiltinOperator.Shape, new ShapeOptions { OutType = TensorType.Int32 }, value));
    }

    private void ImportNode(TfNode node)
    {
        var context = new ImportContext(node, [.. node.Inputs.Select(ValueOf)], _graph);
        try
        {
            Func<ImportContext, Value[]> import = TensorFlowOps.Table.GetValueOrDefault(node.Op) ?? throw context.Refuse(Advice.For(node));
            Value[] results = import(HalfFloats.Widened(context));
            context.NameResults(results);
            for (int i = 0; i < results.Length; i++)
                _values.TryAdd(new TfEdge(node, i), results[i]);
        }
        catch (RefusalException refusal)
        {
            Refuse(node, refusal.Message);
        }
        catch (Exception exception) when (exception is GraphException or InvalidOperationException && context.Inputs.Any(input => !input.Shape.HasRank))
        {
            // What the rule misses is not this node's fault: a placeholder stands before it, or an input of open rank.
            foreach (Value input in context.Inputs.SelectMany(input => OpenRanks.Behind(_graph, input)).Where(_rankless.Add))
                _problems.Add(new ModelDiagnostic(DiagnosticTable.RankUnknown, _file, _keys[input], node.Name));
        }
        catch (Exception exception) when (exception is GraphException or InvalidOperationException or OverflowException)
        {
            Contradict(node, exception.Message);
        }
    }

    /// <summary>The value of an edge; a placeholder where its node was not imported.</summary>
    private Value ValueOf(TfEdge edge)
    {
        if (_values.TryGetValue(edge, out Value? value))
            return value;
        if (_problems.Count == 0)
            Contradict(edge.Node, $"its output {edge.Output} is used before it is computed, or does not exist");
        value = new Value(edge.ToString(), TensorType.Float32, Shape.Unknown);
        var refusal = new Refusal(edge.Node.Op, "not imported");
        _graph.Nodes.Add(new Node(edge.Node.Name, BuiltinOperator.Custom, new NoOptions(), [], [value]) { Refusal = refusal });
        return _values[edge] = value;
    }

    private void Refuse(TfNode node, string reason) =>
        _problems.Add(new ModelDiagnostic(DiagnosticTable.UnsupportedOperation, _file, node.Name, node.Op, reason));

    private void Contradict(TfNode node, string fact) => _problems.Add(new ModelDiagnostic(DiagnosticTable.InconsistentNode, _file, node.Name, fact));
}
