using Quantize.Runtime.Format;

namespace Quantize.Runtime.Planning;

/// <summary>
/// A subgraph that a step calls in the run, because its shapes follow from what the run computes: a frame of its own, and a plan for each set of input shapes.
/// </summary>
internal sealed class SubgraphRun
{
    private const int Remembered = 64;

    private readonly Frame _frame;
    private readonly Subgraph _subgraph;
    private readonly TensorSlot[] _arguments;
    private readonly List<PlanBranch> _plans = [];
    private int _oldest;
    private Plan? _last;

    public SubgraphRun(Frame caller, int subgraph, TensorSlot[] arguments)
    {
        _frame = new Frame(caller.Planner, caller.State, caller.Parallel);
        _subgraph = caller.Planner.Model.Subgraphs[subgraph];
        _arguments = arguments;
    }

    /// <summary>The callee's copy of an argument, for a caller that has it elsewhere.</summary>
    public void Fill(int input, in RunContext caller)
    {
        if (!_arguments[input].IsKnown)
            _frame.Buffer(input).Set(caller.Read<byte>(_arguments[input]), _arguments[input].Shape);
    }

    /// <summary>Lets the callee read an argument where the caller has it.</summary>
    public void Lend(int input, RunBuffer argument) => _frame.Lend(input, argument);

    public void Run() => _last = _frame.Run(Find() ?? Remember(new PlanBranch(_frame.Planner.Plan(_subgraph, [.. _arguments.Select(Input)]))));

    public ReadOnlySpan<byte> Output(int index) => _frame.Enter(_last!).Read<byte>(_last!.Outputs[index]!);

    public ReadOnlySpan<int> OutputShape(int index) => _last!.Outputs[index]!.Shape;

    private PlanBranch? Find()
    {
        foreach (PlanBranch plan in _plans)
        {
            if (Fits(plan.Plan))
                return plan;
        }

        return null;
    }

    private bool Fits(Plan plan)
    {
        for (int i = 0; i < _arguments.Length; i++)
        {
            if (!_arguments[i].IsKnown && !_frame.Buffer(i).Shape.SequenceEqual(plan.Inputs[i].Shape))
                return false;
        }

        return true;
    }

    private PlanBranch Remember(PlanBranch plan)
    {
        if (_plans.Count < Remembered)
            _plans.Add(plan);
        else
            _plans[_oldest++ % Remembered] = plan;
        return plan;
    }

    private TensorSlot Input(TensorSlot argument, int index) => argument.IsKnown
        ? argument
        : new TensorSlot(argument.Name, argument.Type, _frame.Buffer(index).Shape.ToArray()) { Quantization = argument.Quantization, Buffer = index };
}
