namespace Quantize.Runtime.Planning;

/// <summary>
/// Which tensors of a list of steps share memory, and from when to when each is alive: inputs until their last reader, what is kept to the end, everything else between its
/// writer and its last reader. A step writes over an operand that nothing reads any more, where its operator can; another shape of the same elements needs no memory.
/// </summary>
internal sealed class ArenaLayout
{
    private readonly List<PlannedStep> _steps;
    private readonly HashSet<TensorSlot> _kept;
    private readonly HashSet<TensorSlot> _callers;
    private readonly bool _keepsAll;
    private readonly ArenaPlanner _planner = new();
    private readonly Dictionary<TensorSlot, int> _last = [];
    private readonly Dictionary<TensorSlot, ArenaArea> _areas = [];

    /// <param name="steps">In their order.</param>
    /// <param name="inputs">What is there before the first step.</param>
    /// <param name="kept">What is read after the last step.</param>
    /// <param name="callers">Tensors that have their place already.</param>
    /// <param name="keepsAll">Everything is read after the last step.</param>
    public ArenaLayout(List<PlannedStep> steps, IEnumerable<TensorSlot> inputs, HashSet<TensorSlot> kept, HashSet<TensorSlot> callers, bool keepsAll)
    {
        (_steps, _kept, _callers, _keepsAll) = (steps, kept, callers, keepsAll);
        for (int i = 0; i < steps.Count; i++)
        {
            foreach (TensorSlot input in steps[i].Inputs.OfType<TensorSlot>())
                _last[input] = i;
        }

        foreach (TensorSlot slot in kept)
            _last[slot] = steps.Count;
        foreach (TensorSlot input in inputs)
            AddArea(input, -1, isInput: true);
    }

    /// <summary>Bytes alive at the fullest step, once the layout is fixed.</summary>
    public long LowerBound => _planner.LowerBound;

    /// <summary>Finds places and gives the size of the arena.</summary>
    /// <exception cref="ModelFormatException">It would be too large.</exception>
    public int Fix()
    {
        for (int i = 0; i < _steps.Count; i++)
        {
            foreach (TensorSlot output in _steps[i].Outputs)
                AddOutput(output, i);
            foreach (TensorSlot scratch in _steps[i].Scratch)
                AddArea(scratch, i, isInput: false);
        }

        try
        {
            return _planner.Place();
        }
        catch (OverflowException exception)
        {
            throw new ModelFormatException("the intermediate tensors of these input shapes would take more than 2 GB", exception);
        }
    }

    private void AddOutput(TensorSlot output, int step)
    {
        if (IsOpen(output) && !_keepsAll && SharedArea(output, step) is { } area)
        {
            area.Share(output, Last(output, step));
            _areas[output] = area;
        }
        else
        {
            AddArea(output, step, isInput: false);
        }
    }

    private void AddArea(TensorSlot slot, int first, bool isInput)
    {
        if (!IsOpen(slot))
            return;
        var area = new ArenaArea(slot, first, Last(slot, first), isWrittenOnce: isInput || slot.HasSeveralWriters);
        _areas[slot] = area;
        _planner.Add(area);
    }

    private ArenaArea? SharedArea(TensorSlot output, int step)
    {
        PlannedStep writer = _steps[step];
        if (output != writer.Outputs[0] || output.HasSeveralWriters)
            return null;
        if (writer.HasElementsOf is { } source && _areas.TryGetValue(source, out ArenaArea? same) && source.ByteLength == output.ByteLength && !(same.IsWrittenOnce && _kept.Contains(output)))
            return same;
        foreach (TensorSlot operand in writer.MayOverwrite)
        {
            if (operand.ByteLength == output.ByteLength && _areas.TryGetValue(operand, out ArenaArea? area) && !area.IsWrittenOnce && area.Last == step)
                return area;
        }

        return null;
    }

    private bool IsOpen(TensorSlot slot) => slot.IsPlaced && !_callers.Contains(slot) && !_areas.ContainsKey(slot);

    private int Last(TensorSlot slot, int first) => _keepsAll ? _steps.Count : Math.Max(first, _last.GetValueOrDefault(slot, first));
}
