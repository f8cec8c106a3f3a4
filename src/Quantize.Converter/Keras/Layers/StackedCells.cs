using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;
using Quantize.Converter.Keras.Weights;

namespace Quantize.Converter.Keras.Layers;

/// <summary>Cells one above the other: each step's output of one is the next one's input. The states are those of all cells in order.</summary>
internal sealed class StackedCells : RecurrentCell
{
    private readonly RecurrentCell[] _cells;
    private readonly int[] _counts;

    public StackedCells(LayerContext context, LayerWeights weights)
        : base(context, weights)
    {
        KerasObject[] cells = [.. Config.Of("cells").EnumerateArray().Select(KerasObject.Of)];
        if (cells.Length == 0)
            throw new LayerException("it has no cells");
        IReadOnlyList<LayerWeights> members = weights.Members("cells", [.. cells.Select(cell => new WeightOwner(LayerLayouts.PythonName(cell), "", LayoutOf(cell)))]);
        _cells = [.. cells.Select((cell, i) => Of(context.Within(cell, FormattableString.Invariant($"{cell.ClassName}_{i}"), members[i], (KerasTensor[])[]), members[i]))];
        _counts = [.. _cells.Select(cell => cell.StateCount)];
    }

    public override int OutputState => _counts[..^1].Sum();

    public override int StateCount => _counts.Sum();

    public override Value Project(Value sequence) => _cells[0].Project(sequence);

    public override Value[] InitialStates(Value projected)
    {
        return [.. _cells.SelectMany(cell => cell.InitialStates(projected))];
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
