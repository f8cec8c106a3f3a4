using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Runtime.Planning;

/// <summary>The state that a model has: its variable tensors, resource variables and tables, each with a number of its own in every session.</summary>
internal sealed class StateLayout
{
    private readonly Dictionary<(Subgraph Subgraph, int Tensor), int> _variableTensors = [];
    private readonly Dictionary<(string Container, string Name), int> _variables = [];
    private readonly Dictionary<int, int> _tables = [];

    public StateLayout(TfLiteModel model)
    {
        BeginsAnew = CompiledModel.StateBeginsAnew(model);
        foreach (Subgraph subgraph in model.Subgraphs)
        {
            foreach (Tensor tensor in subgraph.Tensors.Where(tensor => tensor is { IsVariable: true, IsConstant: false }))
                _variableTensors.Add((subgraph, tensor.Index), _variableTensors.Count);
            foreach (Operator op in subgraph.Operators)
                Add(op.Options);
        }
    }

    /// <summary>Whether the variable tensors are zeros again in every run.</summary>
    public bool BeginsAnew { get; }

    public int VariableTensors => _variableTensors.Count;

    public int Variables => _variables.Count;

    public int Tables => _tables.Count;

    public bool IsEmpty => VariableTensors + Variables + Tables == 0;

    /// <summary>Number of a variable tensor, or -1 where the tensor is none.</summary>
    public int VariableTensor(Subgraph subgraph, Tensor tensor) => _variableTensors.GetValueOrDefault((subgraph, tensor.Index), -1);

    public int Variable(VarHandleOptions options) => _variables[(options.Container, options.SharedName)];

    public int Table(HashtableOptions options) => _tables[options.TableId];

    private void Add(OperatorOptions options)
    {
        if (options is VarHandleOptions handle)
            _variables.TryAdd((handle.Container, handle.SharedName), _variables.Count);
        if (options is HashtableOptions table)
            _tables.TryAdd(table.TableId, _tables.Count);
    }
}
