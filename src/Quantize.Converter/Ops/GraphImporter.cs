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
    private readonly ImportScope _scope;
    private readonly Dictionary<TfEdge, Value> _values = [];
    private readonly Dictionary<Value, string> _keys = [];
    private readonly HashSet<Value> _rankless = [];

    private GraphImporter(ImportScope scope) => _scope = scope;

    private Graph Graph => _scope.Graph;

    /// <summary>Fills the scope's graph. What could not be imported becomes placeholders in it.</summary>
    public static void Import(TfSignature signature, InputShapes shapes, ImportScope scope)
    {
        var importer = new GraphImporter(scope);
        importer.AddInputs(signature, shapes);
        foreach (TfNode node in ImportOrder.Of(signature.Inputs.Select(input => input.Edge), signature.Outputs.Select(output => output.Edge)))
            importer.ImportNode(node);
        importer.AddOutputs(signature, shapes);
    }

    /// <summary>A function that a node of the caller runs.</summary>
    public static ImportedBody Import(TfFunction function, IReadOnlyList<BodyArgument> arguments, ImportScope caller)
    {
        var importer = new GraphImporter(caller.Within(function.Name));
        Value[] given = [.. arguments.Select((argument, i) => importer.AddArgument(function.Arguments[i], argument, caller))];
        foreach (TfNode node in ImportOrder.Of(function.Arguments.Select(argument => new TfEdge(argument, 0)), function.Results))
            importer.ImportNode(node);
        return new ImportedBody(importer._scope, given, [.. function.Results.Select(importer.ValueOf)]);
    }

    private Value AddArgument(TfNode node, BodyArgument argument, ImportScope caller)
    {
        Value operand = argument.Operand;
        Value value;
        if (caller.OpenLists.TryGetValue(operand, out OpenList? list) && !argument.Shape.HasRank)
            value = AddOpenList(node.Name, list);
        else if (argument.IsFixed && operand.IsConstant)
            value = ConstantData.Copy(operand);
        else
            value = new Value(node.Name, operand.Type, argument.Shape) { Elements = argument.IsFixed ? operand.Elements : null, WillBeConstant = argument.IsFixed && ImportContext.IsFixed(operand) };
        _scope.Arguments.Add(value);
        if (!value.IsConstant)
            KnownElements.Name(value, Graph);
        return _values[new TfEdge(node, 0)] = value;
    }

    private Value AddOpenList(string name, OpenList list)
    {
        var value = new Value(name, list.Type, Shape.Unknown);
        var count = new Value($"{name}/count", TensorType.Int32, Shape.Scalar) { Elements = list.Count.Elements };
        _scope.OpenLists[value] = list with { Count = list.Count.IsConstant ? list.Count : count };
        return value;
    }

    private void AddInputs(TfSignature signature, InputShapes shapes)
    {
        foreach (TfSignatureTensor input in signature.Inputs)
        {
            Shape shape = shapes.OfInput(input);
            if (!TensorTypeMap.TryMap(input.Type, out TensorType type) || type.Bits() == 0)
                _scope.Problems.Add(new ModelDiagnostic(DiagnosticTable.InputTypeUnsupported, _scope.File, input.Key, $"{input.Type}"));
            var value = new Value(SignatureNames.Of(input), type, shape);
            Graph.Inputs.Add(value);
            _values[input.Edge] = value;
            _keys[value] = input.Key;
        }
    }

    private void AddOutputs(TfSignature signature, InputShapes shapes)
    {
        foreach (TfSignatureTensor output in signature.Outputs)
        {
            Value value = ValueOf(output.Edge);
            if (!value.Shape.HasRank && _scope.Problems.Count > 0)
                Declare(value, output, shapes);
            else if (!value.Shape.HasRank && OpenRanks.Behind(Graph, value).Count == 0)
                Contradict(output.Edge.Node, $"the output '{output.Key}' has a number of dimensions that only a run knows; reshape it in the model");
            value = AsDeclared(value, output.Type);
            if (value.IsConstant)
                value = ConstantData.Reshaped(value, value.Shape.ToArray());
            else if (Graph.Inputs.Contains(value))
                value = Copy(value);
            if (!Graph.IsOutput(value))
                value.Name = SignatureNames.Of(output);
            Graph.Outputs.Add(value);
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
        ? HalfFloats.As(new ImportContext(new TfNode(value.Name, "Cast"), [value], _scope), value, type)
        : value;

    /// <summary>An output is a tensor of its own: an input that is one as well is copied by a RESHAPE to its own shape.</summary>
    private Value Copy(Value value)
    {
        var context = new ImportContext(new TfNode(value.Name, "Identity"), [value], _scope);
        return context.Emit(BuiltinOperator.Reshape, value, context.Emit(BuiltinOperator.Shape, new ShapeOptions { OutType = TensorType.Int32 }, value));
    }

    private void ImportNode(TfNode node)
    {
        var context = new ImportContext(node, [.. node.Inputs.Select(ValueOf)], _scope);
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
            foreach (Value input in context.Inputs.SelectMany(input => OpenRanks.Behind(Graph, input)).Where(_rankless.Add))
                _scope.Problems.Add(new ModelDiagnostic(DiagnosticTable.RankUnknown, _scope.File, _keys[input], node.Name));
            if (_scope.Problems.Count == 0)
                Contradict(node, exception.Message);
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
        if (_scope.Problems.Count == 0)
            Contradict(edge.Node, $"its output {edge.Output} is used before it is computed, or does not exist");
        value = new Value(edge.ToString(), TensorType.Float32, Shape.Unknown);
        var refusal = new Refusal(edge.Node.Op, "not imported");
        Graph.Nodes.Add(new Node(edge.Node.Name, BuiltinOperator.Custom, new NoOptions(), [], [value]) { Refusal = refusal });
        return _values[edge] = value;
    }

    private void Refuse(TfNode node, string reason) =>
        _scope.Problems.Add(new ModelDiagnostic(DiagnosticTable.UnsupportedOperation, _scope.File, node.Name, node.Op, reason));

    private void Contradict(TfNode node, string fact) => _scope.Problems.Add(new ModelDiagnostic(DiagnosticTable.InconsistentNode, _scope.File, node.Name, fact));
}
