using Quantize.Converter.Graphs;
using Quantize.Converter.TensorFlow;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Ops;

/// <summary>
/// WHILE: condition and body are graphs of their own. Constants that no iteration changes stand inside them. The shapes that the body may count on are those that it gives
/// back, found by importing it again while an iteration changes one.
/// </summary>
internal sealed class Loops
{
    private readonly ImportContext _context;
    private readonly TfFunction _body;
    private readonly Value[] _operands;
    private readonly bool[] _isFixed;
    private readonly Shape[] _shapes;
    private readonly HashSet<Dimension> _open = [];

    private Loops(ImportContext context)
    {
        _context = context;
        _body = context.Function("body");
        _operands = [.. context.Inputs];
        if (_body.Results.Count != _operands.Length || _body.Arguments.Count != _operands.Length)
            throw context.Contradict($"carries {_operands.Length} tensors, but its body takes {_body.Arguments.Count} and gives {_body.Results.Count}");
        _isFixed = [.. Enumerable.Range(0, _operands.Length).Select(i => Variables.Source(_body.Results[i]).Node == _body.Arguments[i])];
        _shapes = [.. _operands.Select(operand => operand.Shape)];
    }

    public static Value[] While(ImportContext context) => new Loops(context).Import();

    private BodyArgument[] Arguments => [.. _operands.Select((operand, i) => new BodyArgument(operand, _shapes[i], _isFixed[i]))];

    private Value[] Import()
    {
        ImportedBody body = _context.Import(_body, Arguments);
        while (body.Scope.Problems.Count == 0 && Widen(body))
            body = _context.Import(_body, Arguments);
        ImportedBody condition = _context.Import(_context.Function("cond"), Arguments);
        Branches.Report(_context, condition, body);
        if (condition.Results is not [Value goes])
            throw _context.Contradict($"has a condition that gives {condition.Results.Count} values, not one");
        if (body.Scope.Problems.Count + condition.Scope.Problems.Count > 0)
            return Unknown();

        int[] carried = [.. Enumerable.Range(0, _operands.Length).Where(i => IsCarried(i, body, condition))];
        Value truth = Branches.Truth(new ImportContext(_context.Node, [], condition.Scope), goes);
        Graph[] graphs = [condition.With(carried, [truth]), body.With(carried, Branches.Distinct(body, carried))];
        Value[] results = _context.EmitCaller(BuiltinOperator.While, new WhileOptions { BodySubgraphIndex = 1 }, [.. carried.Select(i => _operands[i])], graphs);
        return [.. Enumerable.Range(0, _operands.Length).Select(i => Result(i, carried, results))];
    }

    /// <summary>What an iteration does not change is what it was.</summary>
    private Value Result(int index, int[] carried, Value[] results)
    {
        int place = Array.IndexOf(carried, index);
        if (_isFixed[index] || place < 0)
            return _operands[index];
        results[place].Shape = _shapes[index];
        return results[place];
    }

    private bool IsCarried(int index, ImportedBody body, ImportedBody condition)
    {
        if (body.Arguments[index].IsConstant || body.Scope.OpenLists.ContainsKey(body.Arguments[index]))
            return false;
        return !_isFixed[index] || body.Arguments[index].Consumers.Count > 0 || condition.Reads(index);
    }

    /// <summary>True where the body gives a shape back that is not the one it was given: what they have in common is tried next.</summary>
    private bool Widen(ImportedBody body)
    {
        bool changes = false;
        for (int i = 0; i < _operands.Length; i++)
        {
            Value result = body.Results[i];
            if (result == body.Arguments[i] || body.Scope.OpenLists.ContainsKey(result))
                continue;
            if (_context.Scope.OpenLists.TryGetValue(_operands[i], out OpenList? list))
            {
                _operands[i] = OpenLists.Zeros(_context, list, OpenLists.Elements(result.Shape));
                _shapes[i] = _operands[i].Shape;
                changes = true;
                continue;
            }

            Shape common = Common(_shapes[i], result.Shape);
            changes |= !common.Equals(_shapes[i]);
            _shapes[i] = common;
        }

        return changes;
    }

    private Shape Common(Shape held, Shape next)
    {
        if (!held.HasRank || !next.HasRank || held.Rank != next.Rank)
            return Shape.Unknown;
        return Shape.Of([.. held.Dimensions.Select((dimension, axis) => dimension == next[axis] || _open.Contains(dimension) ? dimension : Open())]);
    }

    private Dimension Open()
    {
        var dimension = Dimension.Symbol(FormattableString.Invariant($"length{_context.Scope.Graph.NextSymbol()}"));
        _open.Add(dimension);
        return dimension;
    }

    /// <summary>Something within cannot be imported, which is told: what follows goes on with the shapes that it was given.</summary>
    private Value[] Unknown() => [.. _operands.Select(operand => new Value(operand.Name, operand.Type, operand.Shape))];
}
