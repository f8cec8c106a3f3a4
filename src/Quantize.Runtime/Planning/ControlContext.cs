using Quantize.Runtime.Format;

namespace Quantize.Runtime.Planning;

/// <summary>What an operator that runs subgraphs sees when it is planned: it plans them as parts of its own step, or finds that only the run can.</summary>
internal sealed class ControlContext(SegmentPlanner caller, string operatorName, Operator op, TensorSlot?[] inputs)
{
    private readonly List<Block> _blocks = [];
    private readonly List<TensorSlot> _scratch = [];
    private readonly HashSet<TensorSlot> _own = [];

    public string OperatorName => operatorName;

    public int InputCount => inputs.Length;

    /// <summary>The tensors of the operator's outputs; the operator states each.</summary>
    public TensorSlot[] Outputs { get; } = new TensorSlot[op.Outputs.Length];

    /// <summary>Iterations after which a loop is taken for one that never ends.</summary>
    public int LoopLimit => caller.Planner.LoopLimit;

    public TensorSlot Input(int index) => (index < inputs.Length ? inputs[index] : null) ?? throw Fail($"has no input {index}");

    /// <summary>The inputs from that one on.</summary>
    public TensorSlot[] Arguments(int first) => [.. Enumerable.Range(first, inputs.Length - first).Select(Input)];

    /// <summary>The bytes of a constant of the file.</summary>
    public ReadOnlySpan<byte> Data(Tensor constant) => caller.Planner.Model.Data(constant);

    /// <summary>The bytes of an input that is known before the run.</summary>
    public ReadOnlySpan<byte> Constant(TensorSlot slot) => slot.Constant is { } tensor ? caller.Planner.Model.Data(tensor) : slot.Known;

    public T OptionsAs<T>()
        where T : OperatorOptions => op.Options as T ?? throw Fail($"has the options {op.Options.GetType().Name}, not {typeof(T).Name}");

    /// <summary>A subgraph that takes and gives that many tensors.</summary>
    public Subgraph Subgraph(int index, int inputCount, int outputCount)
    {
        Subgraph subgraph = caller.Planner.Model.Subgraphs[index];
        if (subgraph.Inputs.Length != inputCount || subgraph.Outputs.Length != outputCount)
        {
            throw Fail($"gives {inputCount} tensors to the subgraph '{subgraph.Name}', which takes {subgraph.Inputs.Length}, "
                + $"and wants {outputCount} from it, which gives {subgraph.Outputs.Length}");
        }

        return subgraph;
    }

    /// <summary>
    /// Plans a subgraph as part of this step. Null where that needs values, or other shapes than <paramref name="outputs"/> have: then the run has to plan it.
    /// </summary>
    /// <param name="subgraph">Index in the model.</param>
    /// <param name="arguments">Tensors of the caller.</param>
    /// <param name="outputs">Where the subgraph is to write its outputs; null for those that may lie anywhere.</param>
    public Block? TryPlan(int subgraph, TensorSlot[] arguments, TensorSlot?[] outputs)
    {
        Block? block = caller.TryPlanBlock(subgraph, arguments, outputs);
        if (block is not null)
            _blocks.Add(block);
        return block;
    }

    /// <summary>Drops the blocks: the run will plan the subgraphs.</summary>
    public void LeaveToTheRun()
    {
        _blocks.Clear();
        _scratch.Clear();
        _own.Clear();
    }

    /// <summary>A tensor like another, for an output of the operator.</summary>
    public TensorSlot NewOutput(int output, TensorSlot like) => Outputs[output] = Own(caller.NewSlot(op.Outputs[output], like.Type, like.Shape));

    /// <summary>An output whose size only the run knows.</summary>
    public TensorSlot RunSizedOutput(int output, TensorType type) => Outputs[output] = caller.NewSlot(op.Outputs[output], type, [-1]);

    /// <summary>Makes a tensor that a block computes an output of the operator.</summary>
    public void TakeOver(int output, TensorSlot computed)
    {
        computed.Rename(caller.TensorName(op.Outputs[output]));
        Outputs[output] = Own(computed);
    }

    /// <summary>A tensor like another, alive during this step.</summary>
    public TensorSlot Scratch(TensorSlot like)
    {
        TensorSlot slot = Own(caller.NewSlot(-1, like.Type, like.Shape));
        _scratch.Add(slot);
        return slot;
    }

    /// <summary>The step with its memory.</summary>
    public PlannedStep Finish(Step step)
    {
        foreach (Block block in _blocks)
            block.Place(caller.Planner, _own);
        if (_blocks.Count == 0)
            return new PlannedStep(step, op.Name, inputs, Outputs, _scratch);
        var memory = new TensorSlot("scratch", TensorType.UInt8, [_blocks.Max(block => block.ByteLength)]);
        return new PlannedStep(step, op.Name, inputs, Outputs, [.. _scratch, memory]) { Blocks = _blocks, Memory = memory };
    }

    public Exception Fail(string fact) => new ModelFormatException($"operator {operatorName} {fact}");

    private TensorSlot Own(TensorSlot slot)
    {
        _own.Add(slot.SharedByWriters());
        return slot;
    }
}
