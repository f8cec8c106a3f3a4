using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Fusion;

/// <summary>A list of steps with who writes and who reads each tensor; groups of small elementwise steps become one step each.</summary>
internal sealed class PointwiseSteps
{
    private readonly List<PlannedStep> _steps;
    private readonly HashSet<TensorSlot> _kept;
    private readonly Dictionary<TensorSlot, int> _writers = [];
    private readonly Dictionary<TensorSlot, List<int>> _readers = [];

    private PointwiseSteps(List<PlannedStep> steps, HashSet<TensorSlot> kept)
    {
        _steps = steps;
        _kept = kept;
        for (int i = 0; i < steps.Count; i++)
        {
            foreach (TensorSlot output in steps[i].Outputs)
                _writers[output] = i;
            foreach (TensorSlot input in steps[i].Inputs.OfType<TensorSlot>())
            {
                if (!_readers.TryGetValue(input, out List<int>? readers))
                    _readers[input] = readers = [];
                readers.Add(i);
            }
        }
    }

    public PlannedStep this[int index] => _steps[index];

    /// <summary>Shortens the list of steps and gives the tensors that there are no more.</summary>
    public static IReadOnlyList<TensorSlot> Join(List<PlannedStep> steps, HashSet<TensorSlot> kept)
    {
        var all = new PointwiseSteps(steps, kept);
        List<TensorSlot> gone = [];
        HashSet<PlannedStep> joined = [];
        for (int root = steps.Count - 1; root >= 0; root--)
        {
            if (joined.Contains(steps[root]) || PointwiseGroup.Of(all, root) is not { } group || PointwiseProgram.Write(group, ElementwiseProgram.MostPlaces) is not { } program)
                continue;
            PlannedStep[] members = [.. group.Members];
            gone.AddRange(members.SelectMany(member => member.Outputs).Except(group.Outputs));
            joined.UnionWith(members.Where(member => member != group.Root));
            steps[root] = program;
        }

        steps.RemoveAll(joined.Contains);
        return gone;
    }

    public int? Writer(TensorSlot slot) => _writers.TryGetValue(slot, out int writer) ? writer : null;

    public IReadOnlyList<int> Readers(TensorSlot slot) => _readers.TryGetValue(slot, out List<int>? readers) ? readers : [];

    public bool IsKept(TensorSlot slot) => _kept.Contains(slot);
}
