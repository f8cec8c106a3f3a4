using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Passes.Recurrent;

/// <summary>The tensor into which a loop puts its output at every step: at the step's place along <paramref name="Axis"/>, or always at the same one.</summary>
internal sealed record StepList(int Axis, bool KeepsLastOnly)
{
    public static StepList? Of(StepLoop loop, int index, Value output)
    {
        if (loop.Body.Outputs[index].Producer is not { Code: BuiltinOperator.DynamicUpdateSlice } update || update.Input(0) != loop.Body.Inputs[index] || !IsRow(update.Input(1)!, output))
            return null;
        Value list = loop.Node.Input(index)!, place = update.Input(2)!;
        if (list.Shape is not { HasRank: true, Rank: 3 } || !list.Shape[2].Equals(output.Shape[1]))
            return null;
        if (place.IsConstant)
            return ConstantData.IsAll(place, 0) && list.Shape.Equals(update.Input(1)!.Shape) ? new StepList(list.Shape[0] == 1 ? 0 : 1, KeepsLastOnly: true) : null;
        int axis = place.Producer is { Code: BuiltinOperator.Pack, Inputs: [Value, Value, Value] } pack ? pack.Inputs.ToList().FindIndex(part => loop.IsStep(part!)) : -1;
        bool isWhole = axis is 0 or 1 && list.Shape[axis] == loop.Count && update.Input(1)!.Shape[axis] == 1 && list.Shape[1 - axis] == output.Shape[0];
        return isWhole && Enumerable.Range(0, 3).All(i => i == axis || ConstantData.IsAll(place.Producer!.Input(i)!, 0)) ? new StepList(axis, KeepsLastOnly: false) : null;
    }

    /// <summary>The same elements as the output, with one more dimension.</summary>
    private static bool IsRow(Value row, Value output) =>
        row.Producer is { Code: BuiltinOperator.ExpandDims or BuiltinOperator.Reshape } node && node.Input(0) == output && row.Shape is { HasRank: true, Rank: 3 } shape
        && output.Shape is { IsStatic: true, Rank: 2 } && shape.IsStatic && shape[2] == output.Shape[1];
}
