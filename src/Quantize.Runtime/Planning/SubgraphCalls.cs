using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Runtime.Planning;

/// <summary>Which subgraph calls which: none may call itself, on whatever way.</summary>
internal sealed class SubgraphCalls
{
    private readonly TfLiteModel _model;
    private readonly bool[] _isHarmless;
    private readonly List<int> _path = [];

    private SubgraphCalls(TfLiteModel model)
    {
        _model = model;
        _isHarmless = new bool[model.Subgraphs.Length];
    }

    /// <exception cref="ModelFormatException">A subgraph calls itself, or one that the file does not have.</exception>
    public static void Check(TfLiteModel model)
    {
        var calls = new SubgraphCalls(model);
        for (int i = 0; i < model.Subgraphs.Length; i++)
            calls.Follow(i);
    }

    /// <summary>The subgraphs that an operator runs.</summary>
    public static int[] Of(Operator op) => op.Options switch
    {
        IfOptions options => [options.ThenSubgraphIndex, options.ElseSubgraphIndex],
        WhileOptions options => [options.CondSubgraphIndex, options.BodySubgraphIndex],
        CallOptions options => [options.Subgraph],
        StablehloCompositeOptions options => [options.Subgraph],
        CallOnceOptions options => [options.InitSubgraphIndex],
        _ => [],
    };

    /// <summary>Whether a run changes what the next one finds: variables that are assigned again and again, state that operators keep in place.</summary>
    public static bool ChangesState(TfLiteModel model)
    {
        var waiting = new Stack<int>(model.Signatures.Length > 0 ? model.Signatures.Select(signature => signature.Subgraph) : [0]);
        HashSet<int> seen = [.. waiting];
        bool keepsTensors = !CompiledModel.StateBeginsAnew(model);
        while (waiting.TryPop(out int index))
        {
            Subgraph subgraph = model.Subgraphs[index];
            if ((keepsTensors && Array.Exists(subgraph.Tensors, tensor => tensor.IsVariable)) || Array.Exists(subgraph.Operators, op => op.Code == BuiltinOperator.AssignVariable))
                return true;
            foreach (int callee in subgraph.Operators.Where(op => op.Code != BuiltinOperator.CallOnce).SelectMany(Of))
            {
                if ((uint)callee < (uint)model.Subgraphs.Length && seen.Add(callee))
                    waiting.Push(callee);
            }
        }

        return false;
    }

    private void Follow(int subgraph)
    {
        if (_isHarmless[subgraph])
            return;
        if (_path.Contains(subgraph))
            throw new ModelFormatException($"a subgraph calls itself: {string.Join(" -> ", _path.Append(subgraph).Select(index => $"'{_model.Subgraphs[index].Name}' ({index})"))}");
        if (_path.Count == PlanNumbers.DeepestNesting)
            throw new ModelFormatException($"the subgraphs call each other more than {PlanNumbers.DeepestNesting} levels deep");
        _path.Add(subgraph);
        foreach (Operator op in _model.Subgraphs[subgraph].Operators)
        {
            foreach (int callee in Of(op))
            {
                if ((uint)callee >= (uint)_model.Subgraphs.Length)
                    throw new ModelFormatException($"operator {op.Name} of the subgraph '{_model.Subgraphs[subgraph].Name}' calls subgraph {callee}; the file has {_model.Subgraphs.Length}");
                Follow(callee);
            }
        }

        _path.RemoveAt(_path.Count - 1);
        _isHarmless[subgraph] = true;
    }
}
