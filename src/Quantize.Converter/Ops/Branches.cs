using Quantize.Converter.Graphs;
using Quantize.Converter.TensorFlow;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Ops;

/// <summary>
/// IF: each branch is a graph of its own, with the constants that it was given inside. Where the condition is known already, the one branch that runs is imported.
/// </summary>
internal static class Branches
{
    public static Value[] If(ImportContext context)
    {
        TfFunction then = context.Function("then_branch"), otherwise = context.Function("else_branch");
        Value condition = Truth(context, context.Input(0));
        Value[] operands = [.. context.Inputs.Skip(1)];
        if (condition.IsConstant)
            return Call(context, condition.Data.Span[0] != 0 ? then : otherwise, operands);

        BodyArgument[] arguments = [.. operands.Select(BodyArgument.Of)];
        ImportedBody whenTrue = context.Import(then, arguments), whenFalse = context.Import(otherwise, arguments);
        if (OpenLists.Settle(context, operands, whenTrue, whenFalse))
        {
            arguments = [.. operands.Select(BodyArgument.Of)];
            (whenTrue, whenFalse) = (context.Import(then, arguments), context.Import(otherwise, arguments));
        }

        Report(context, whenTrue, whenFalse);
        if (whenTrue.Results.Count != whenFalse.Results.Count)
            throw context.Contradict($"has branches that give {whenTrue.Results.Count} and {whenFalse.Results.Count} values");
        if (whenTrue.Scope.Problems.Count + whenFalse.Scope.Problems.Count > 0)
            return [.. whenTrue.Results.Select(result => new Value(result.Name, result.Type, result.Shape))];
        return Emit(context, condition, operands, whenTrue, whenFalse);
    }

    private static Value[] Emit(ImportContext context, Value condition, Value[] operands, ImportedBody whenTrue, ImportedBody whenFalse)
    {
        int?[] handedOn = [.. Enumerable.Range(0, whenTrue.Results.Count).Select(i => HandedOn(i, whenTrue, whenFalse))];
        int[] computed = [.. Enumerable.Range(0, handedOn.Length).Where(i => handedOn[i] is null)];
        int[] given = [.. Enumerable.Range(0, operands.Length).Where(i => !whenTrue.Arguments[i].IsConstant && (whenTrue.Reads(i) || whenFalse.Reads(i)) && operands[i].Shape.HasRank)];
        Graph[] graphs = [whenTrue.With(given, Distinct(whenTrue, computed)), whenFalse.With(given, Distinct(whenFalse, computed))];
        Value[] results = context.EmitCaller(BuiltinOperator.If, new IfOptions { ElseSubgraphIndex = 1 }, [condition, .. given.Select(i => operands[i])], graphs);
        return [.. handedOn.Select((argument, i) => argument is { } index ? operands[index] : results[Array.IndexOf(computed, i)])];
    }

    /// <summary>The argument that both branches give back as this result.</summary>
    private static int? HandedOn(int result, ImportedBody a, ImportedBody b)
    {
        for (int i = 0; i < a.Arguments.Count; i++)
        {
            if (a.Results[result] == a.Arguments[i] && b.Results[result] == b.Arguments[i])
                return i;
        }

        return null;
    }

    /// <summary>Whether a scalar is not zero. TensorFlow takes any other tensor for true where it has elements.</summary>
    public static Value Truth(ImportContext context, Value value)
    {
        if (value.Shape is not { HasRank: true, Rank: 0 } && value.Shape is not { IsStatic: true, ElementCount.Value: 1 })
            throw context.Refuse($"its condition has the shape {value.Shape}; make it one truth value");
        return value.Type == TensorType.Bool ? value : context.Emit(BuiltinOperator.NotEqual, value, new Formula(context).Number(value.Type, 0));
    }

    public static void Report(ImportContext context, params ImportedBody[] bodies)
    {
        foreach (ImportedBody body in bodies)
            context.Scope.Problems.AddRange(body.Scope.Problems);
    }

    private static Value[] Call(ImportContext context, TfFunction function, Value[] operands)
    {
        ImportedBody body = context.Import(function, [.. operands.Select(BodyArgument.Of)]);
        Report(context, body);
        int[] given = [.. Enumerable.Range(0, operands.Length).Where(i => !body.Arguments[i].IsConstant && body.Reads(i))];
        int[] all = [.. Enumerable.Range(0, body.Results.Count)];
        return context.EmitCaller(BuiltinOperator.Call, new CallOptions(), [.. given.Select(i => operands[i])], body.With(given, Distinct(body, all)));
    }

    /// <summary>These results, each once: a second one that is the same is a copy.</summary>
    public static Value[] Distinct(ImportedBody body, IEnumerable<int> results)
    {
        HashSet<Value> seen = [];
        return [.. results.Select(i => seen.Add(body.Results[i]) ? body.Results[i] : Copy(body, body.Results[i]))];
    }

    private static Value Copy(ImportedBody body, Value value)
    {
        if (value.IsConstant)
            return ConstantData.Copy(value);
        var context = new ImportContext(new TfNode(value.Name, "Identity"), [value], body.Scope);
        return context.Emit(BuiltinOperator.Reshape, value, context.Emit(BuiltinOperator.Shape, new ShapeOptions { OutType = TensorType.Int32 }, value));
    }
}
