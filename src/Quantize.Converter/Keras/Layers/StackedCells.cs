using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;
using Quantize.Converter.Keras.Weights;

namespace Quantize.Converter.Keras.Layers;

/// <summary>Cells one above the other: each step's output of one is the next one's input. The states are those of all cells in order.</summary>
internal sealed class StackedCells : RecurrentCell
{
    private readonly RecurrentCell[] _cells;
    private readonly List<int> _counts = [];

    public StackedCells(LayerContext context, LayerWeights weights)
        : base(context, weights)
    {
        KerasObject[] cells = [.. Config.Of("cells").EnumerateArray().Select(KerasObject.Of)];
        if (cells.Length == 0)
            throw new LayerException("it has no cells");
        IReadOnlyList<LayerWeights> members = weights.Members("cells", [.. cells.Select(cell => new WeightOwner(LayerLayouts.PythonName(cell), "", LayoutOf(cell)))]);
        _cells = [.. cells.Select((cell, i) => Of(context.Within(cell, FormattableString.Invariant($"{cell.ClassName}_{i}"), members[i], context.X), members[i]))];
    }

    public override Value Project(Value sequence) => _cells[0].Project(sequence);

    public override Value[] InitialStates(Value projected)
    {
        Value[][] states = [.. _cells.Select(cell => cell.InitialStates(projected))];
        _counts.AddRange(states.Select(own => own.Length));
        return [.. states.SelectMany(own => own)];
    }

    public override (Value Output, Value[] States) Step(Value projected, Value[] states)
    {
        List<Value> next = [];
        Value input = projected;
        for (int i = 0, first = 0; i < _cells.Length; first += _counts[i], i++)
        {
            Value own = i == 0 ? input : Single(_cells[i], input);
            (input, Value[] after) = _cells[i].Step(own, states[first..(first + _counts[i])]);
            next.AddRange(after);
        }

        return (input, [.. next]);
    }

    /// <summary>The projection of one step.</summary>
    private Value Single(RecurrentCell cell, Value input)
    {
        Value steps = cell.Project(Context.Call("ExpandDims", [input, ConstantData.Scalar($"{Context.Name}/step", 1)]));
        return Context.Call("Squeeze", [steps], ("squeeze_dims", (long[])[1]));
    }
}
