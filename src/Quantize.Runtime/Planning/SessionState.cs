namespace Quantize.Runtime.Planning;

/// <summary>What runs leave behind: the values of variables, tables, and which initializations are done. Shared by the sessions that were opened from one another.</summary>
internal sealed class SessionState(StateLayout layout)
{
    private readonly RunBuffer[] _variableTensors = Create<RunBuffer>(layout.VariableTensors);
    private readonly Variable[] _variables = Create<Variable>(layout.Variables);
    private readonly HashTable[] _tables = Create<HashTable>(layout.Tables);
    private readonly HashSet<int> _calledOnce = [];
    private readonly Dictionary<string, long> _drawn = [];

    /// <summary>
    /// A tensor that its operators change in place; at first what the graph gives it, else zeros, in codes where it is quantized. Threads of one step may ask for it at the
    /// same time.
    /// </summary>
    public RunBuffer VariableTensor(TensorSlot slot)
    {
        RunBuffer buffer = _variableTensors[slot.Variable];
        lock (buffer)
        {
            bool isNew = buffer.Require(slot.ByteLength, slot.Type == TensorType.Int8 ? unchecked((byte)(slot.Quantization?.ZeroPoints[0] ?? 0)) : (byte)0);
            if (isNew && slot.Initial is { } initial)
                initial.CopyTo(buffer.Bytes);
        }

        return buffer;
    }

    public Variable Variable(int index) => _variables[index];

    public HashTable Table(int index) => _tables[index];

    /// <summary>Whether the subgraph has run since the beginning.</summary>
    public bool IsInitialized(int subgraph) => _calledOnce.Contains(subgraph);

    public void SetInitialized(int subgraph) => _calledOnce.Add(subgraph);

    /// <summary>How many random numbers were drawn for a tensor before, and notes that there are more.</summary>
    public long Draw(string tensor, int count)
    {
        long drawn = _drawn.GetValueOrDefault(tensor);
        _drawn[tensor] = drawn + count;
        return drawn;
    }

    /// <summary>What lives for one run begins anew.</summary>
    public void BeginRun()
    {
        if (layout.BeginsAnew)
            ForgetVariableTensors();
    }

    /// <summary>As at the beginning.</summary>
    public void Reset()
    {
        ForgetVariableTensors();
        foreach (Variable variable in _variables)
            variable.Forget();
        foreach (HashTable table in _tables)
            table.Clear();
        _calledOnce.Clear();
        _drawn.Clear();
    }

    private void ForgetVariableTensors()
    {
        foreach (RunBuffer tensor in _variableTensors)
            tensor.Resize(0);
    }

    private static T[] Create<T>(int count)
        where T : new()
    {
        var items = new T[count];
        for (int i = 0; i < count; i++)
            items[i] = new T();
        return items;
    }
}
