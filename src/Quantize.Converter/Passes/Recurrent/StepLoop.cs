using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Passes.Recurrent;

/// <summary>A WHILE that runs once for each of its steps: counters that begin at 0 and go up by one, until one of them is the number of steps.</summary>
internal sealed class StepLoop
{
    private readonly bool[] _isCounter;

    private StepLoop(Node node, bool[] isCounter, Dimension count)
    {
        Node = node;
        _isCounter = isCounter;
        Count = count;
    }

    public Node Node { get; }

    public Graph Body => Node.Callees[1];

    /// <summary>How many steps there are.</summary>
    public Dimension Count { get; }

    public static StepLoop? Of(Node node)
    {
        if (node is not { Code: BuiltinOperator.While, Callees: [Graph condition, Graph body] } || condition.Outputs is not [Value goesOn])
            return null;
        bool[] isCounter = [.. Enumerable.Range(0, body.Inputs.Count).Select(i => IsCountedUp(node, body, i))];
        HashSet<Dimension> limits = [];
        if (!Limits(node, condition, isCounter, goesOn, limits))
            return null;
        bool areKnown = limits.All(limit => limit.IsKnown);
        Dimension? count = areKnown ? limits.MinBy(limit => limit.Value) : limits.Count == 1 ? limits.Single() : null;
        return count is { IsKnown: true, Value: < 1 } or null ? null : new StepLoop(node, isCounter, count.Value);
    }

    public bool IsCounter(int index) => _isCounter[index];

    /// <summary>Whether the body hands it on as it is.</summary>
    public bool Stays(int index) => Body.Outputs[index] == Body.Inputs[index];

    /// <summary>Whether the tensor is a matrix of zeros before the first step.</summary>
    public bool BeginsAtZero(int index) => Node.Input(index) is { Shape: { IsStatic: true, Rank: 2 } } before && ConstantData.IsAll(before, 0);

    /// <summary>The sequence of which the value is this step's part.</summary>
    public StepSequence? At(Value value)
    {
        if (value.Producer is not { Code: BuiltinOperator.Gather, Options: GatherOptions { BatchDims: 0 } options } gather || gather.Input(1)!.Shape is not { HasRank: true, Rank: 0 })
            return null;
        int place = Body.Inputs.IndexOf(gather.Input(0)!);
        bool isForwards = IsStep(gather.Input(1)!), isBackwards = !isForwards && IsFromTheEnd(gather.Input(1)!);
        if (place < 0 || !Stays(place) || !(isForwards || isBackwards) || Node.Input(place) is not { Shape: { HasRank: true, Rank: 3 } } steps)
            return null;
        return options.Axis is 0 or 1 && steps.Shape[options.Axis] == Count ? new StepSequence(steps, options.Axis, isBackwards) : null;
    }

    /// <summary>Whether the value is the number of the step.</summary>
    public bool IsStep(Value value) => Body.Inputs.IndexOf(value) is >= 0 and int place && _isCounter[place];

    /// <summary>Count - 1 - step.</summary>
    private bool IsFromTheEnd(Value value) => Difference(value) is (Value last, Value step) && IsStep(step) && IsLast(last);

    private bool IsLast(Value value) => Count.IsKnown && Number(value) is { } number ? number == Count.Value - 1 : Difference(value) is (Value count, Value one) && IsCount(count) && Number(one) == 1;

    private bool IsCount(Value value) => Body.Inputs.IndexOf(value) is >= 0 and int place && Stays(place) && Node.Input(place)!.Elements is [Dimension count] && count == Count;

    private static (Value, Value)? Difference(Value value) =>
        value.Producer is { Code: BuiltinOperator.Sub, Options: SubOptions { Activation: ActivationFunction.None } } node ? (node.Input(0)!, node.Input(1)!) : null;

    private static bool IsCountedUp(Node node, Graph body, int index)
    {
        if (Number(node.Input(index)!) != 0 || body.Outputs[index].Producer is not { Code: BuiltinOperator.Add } sum)
            return false;
        Value before = body.Inputs[index];
        return (sum.Input(0) == before && Number(sum.Input(1)!) == 1) || (sum.Input(1) == before && Number(sum.Input(0)!) == 1);
    }

    /// <summary>Every term of the condition asks whether a counter is less than a number that stays.</summary>
    private static bool Limits(Node loop, Graph condition, bool[] isCounter, Value term, HashSet<Dimension> limits)
    {
        if (term.Producer is { Code: BuiltinOperator.LogicalAnd } both)
            return Limits(loop, condition, isCounter, both.Input(0)!, limits) && Limits(loop, condition, isCounter, both.Input(1)!, limits);
        if (term.Producer is not { Code: BuiltinOperator.Less } less || condition.Inputs.IndexOf(less.Input(0)!) is not (>= 0 and int counter) || !isCounter[counter])
            return false;
        int place = condition.Inputs.IndexOf(less.Input(1)!);
        bool stays = place >= 0 && loop.Callees[1].Outputs[place] == loop.Callees[1].Inputs[place];
        if ((stays ? loop.Input(place) : less.Input(1))!.Elements is not [Dimension limit])
            return false;
        limits.Add(limit);
        return true;
    }

    private static int? Number(Value value) => value is { IsConstant: true, Elements: [{ IsKnown: true } number] } ? number.Value : null;
}
