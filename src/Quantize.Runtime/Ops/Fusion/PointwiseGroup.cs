using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Fusion;

/// <summary>
/// Steps of small elementwise functions that lead to one of them: in a recurrent cell that is a loop, all between its products and its state. What a member computes is read by members alone, or else is
/// a result of the group that nothing reads before its last step.
/// </summary>
internal sealed class PointwiseGroup
{
    /// <summary>Fewer are not worth a program.</summary>
    private const int FewestMembers = 3;

    /// <summary>Longer rows are worth a step for each function.</summary>
    private const int LongestRow = 512;

    private const int MostRows = 8;

    private const int MostMembers = 24;

    private readonly PointwiseSteps _steps;
    private readonly int _root;
    private readonly SortedSet<int> _members = [];

    private PointwiseGroup(PointwiseSteps steps, int root)
    {
        _steps = steps;
        _root = root;
        _members.Add(root);
    }

    public PlannedStep Root => _steps[_root];

    public IEnumerable<PlannedStep> Members => _members.Select(index => _steps[index]);

    /// <summary>The last step's result first.</summary>
    public List<TensorSlot> Outputs { get; } = [];

    /// <summary>The group that ends with that step; null where there is none worth it.</summary>
    public static PointwiseGroup? Of(PointwiseSteps steps, int root)
    {
        TensorSlot output = steps[root].Outputs.Length == 1 ? steps[root].Outputs[0] : null!;
        if (PointwiseFunction.Of(steps[root]) is null || output.Shape is not [.., <= LongestRow and > 0] || output.ElementCount / output.Shape[^1] > MostRows)
            return null;
        var group = new PointwiseGroup(steps, root);
        if (!group.FitsOperands(steps[root]))
            return null;
        while (group._members.Count < MostMembers && group.Grow())
        {
        }

        group.Outputs.AddRange(group._members.Reverse().SelectMany(index => steps[index].Outputs.Where(group.IsResult)));
        return group.Members.Count(member => PointwiseFunction.Of(member) is not null) >= FewestMembers && !group.HasOverwrittenOperand() ? group : null;
    }

    /// <summary>The member that computes the tensor.</summary>
    public PlannedStep? WriterOf(TensorSlot slot) => _steps.Writer(slot) is { } writer && _members.Contains(writer) ? _steps[writer] : null;

    public bool Contains(int step) => _members.Contains(step);

    private int Length => Root.Outputs[0].Shape[^1];

    private bool IsResult(TensorSlot slot) => _steps.IsKept(slot) || _steps.Readers(slot).Any(reader => !_members.Contains(reader));

    private bool Grow()
    {
        foreach (TensorSlot operand in Members.Reverse().SelectMany(member => member.Inputs).OfType<TensorSlot>())
        {
            if (_steps.Writer(operand) is { } writer && !_members.Contains(writer) && MayJoin(_steps[writer], writer))
                return _members.Add(writer);
        }

        return false;
    }

    private bool MayJoin(PlannedStep step, int index)
    {
        bool isFunction = PointwiseFunction.Of(step) is not null;
        if (!(isFunction && FitsOperands(step)) && !IsSplit(step))
            return false;
        bool isOneRow = step.Outputs[0].Shape[^1] == Length && isFunction;
        return step.Outputs.All(output => isOneRow
            ? _steps.Readers(output).All(reader => _members.Contains(reader) || reader > _root)
            : !_steps.IsKept(output) && _steps.Readers(output).All(_members.Contains));
    }

    /// <summary>Into parts as long as the group's rows.</summary>
    private bool IsSplit(PlannedStep step) =>
        step is { Definition.Code: BuiltinOperator.Split, Context: { } context } && step.Inputs[1] is { Type: TensorType.Float32, IsPlaced: true } whole && context.AxisConstant(0, whole.Shape.Length) == whole.Shape.Length - 1
        && step.Outputs[0].Shape.AsSpan().SequenceEqual(Root.Outputs[0].Shape);

    /// <summary>As many rows as the group has, and operands that are rows of the same length, or constants for all rows.</summary>
    private bool FitsOperands(PlannedStep step)
    {
        TensorSlot output = step.Outputs[0], root = Root.Outputs[0];
        bool hasRows = output.Shape.Length == root.Shape.Length && output.Shape.AsSpan()[..^1].SequenceEqual(root.Shape.AsSpan()[..^1]) && output.Shape[^1] % root.Shape[^1] == 0;
        return hasRows && step.Inputs.All(operand => operand is { Type: TensorType.Float32 } && (IsRows(operand, output) || IsConstantRow(operand, output)));
    }

    private static bool IsRows(TensorSlot operand, TensorSlot output) =>
        operand.IsPlaced && operand.ElementCount == output.ElementCount && operand.Shape.Length > 0 && operand.Shape[^1] == output.Shape[^1];

    private static bool IsConstantRow(TensorSlot operand, TensorSlot output) =>
        operand.IsKnown && (operand.ElementCount == 1 || (operand.Shape.Length > 0 && operand.Shape[^1] == output.Shape[^1] && operand.ElementCount == output.Shape[^1]));

    /// <summary>Between its first and its last step another one may write over a tensor that several write.</summary>
    private bool HasOverwrittenOperand() => Enumerable.Range(_members.Min, _root - _members.Min).Where(index => !_members.Contains(index))
        .Any(index => _steps[index].Outputs.Any(output => output.HasSeveralWriters && Members.Any(member => member.Inputs.Contains(output))));
}
