using Quantize.Runtime.Ops.Fusion;

namespace Quantize.Runtime.Planning;

/// <summary>
/// Makes one step of two where a rule of <see cref="FusionTable"/> can: the second alone reads what the first computes. The joint step takes the second's place, so what it reads
/// is there already.
/// </summary>
internal sealed class StepFusion
{
    private readonly List<PlannedStep> _steps;
    private readonly HashSet<TensorSlot> _kept;
    private readonly HashSet<PlannedStep> _absorbed = [];
    private readonly List<TensorSlot> _gone = [];
    private readonly Dictionary<TensorSlot, int> _writers = [];
    private readonly Dictionary<TensorSlot, int> _readings = [];

    /// <summary>Tensors that are <paramref name="kept"/> have readers beyond the steps.</summary>
    public StepFusion(List<PlannedStep> steps, HashSet<TensorSlot> kept)
    {
        _steps = steps;
        _kept = kept;
        for (int i = 0; i < steps.Count; i++)
        {
            foreach (TensorSlot output in steps[i].Outputs)
                _writers[output] = i;
            foreach (TensorSlot input in steps[i].Inputs.OfType<TensorSlot>())
                _readings[input] = _readings.GetValueOrDefault(input) + 1;
        }
    }

    /// <summary>Shortens the list of steps and gives the tensors that there are no more.</summary>
    public IReadOnlyList<TensorSlot> Run()
    {
        for (int i = 0; i < _steps.Count; i++)
        {
            while (Absorb(i))
            {
            }
        }

        _steps.RemoveAll(_absorbed.Contains);
        return _gone;
    }

    /// <summary>Of several writers the last one comes first: its own operands were needed late anyway.</summary>
    private bool Absorb(int reader)
    {
        PlannedStep second = _steps[reader];
        foreach (TensorSlot tensor in second.Inputs.OfType<TensorSlot>().Where(IsReadOnce).OrderByDescending(tensor => _writers[tensor]))
        {
            PlannedStep first = _steps[_writers[tensor]];
            if (!CanMove(first, _writers[tensor], reader))
                continue;
            foreach (FusionRule rule in FusionTable.Rules)
            {
                if (rule(first, second) is not { } joint)
                    continue;
                _steps[reader] = joint;
                _absorbed.Add(first);
                _gone.Add(tensor);
                return true;
            }
        }

        return false;
    }

    private bool IsReadOnce(TensorSlot tensor) => _readings[tensor] == 1 && _writers.ContainsKey(tensor) && !_kept.Contains(tensor);

    /// <summary>Nothing but the step itself touches its tensors until its new place.</summary>
    private bool CanMove(PlannedStep step, int from, int to) =>
        step is { Definition.IsStateful: false, Outputs.Length: 1 } && Array.TrueForAll(step.Inputs, input => input is null || (input.Variable < 0 && !(input.HasSeveralWriters && IsWritten(input, from, to))));

    private bool IsWritten(TensorSlot tensor, int from, int to)
    {
        for (int i = from + 1; i < to; i++)
        {
            if (Array.IndexOf(_steps[i].Outputs, tensor) >= 0)
                return true;
        }

        return false;
    }
}
