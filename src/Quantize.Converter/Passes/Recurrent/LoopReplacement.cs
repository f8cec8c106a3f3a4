using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Passes.Recurrent;

/// <summary>Puts a recurrent builtin in the place of a loop, and gives what follows the loop its outputs in the forms that the loop had.</summary>
internal sealed class LoopReplacement(Graph graph, StepLoop loop, RecurrentCell cell)
{
    private readonly SequenceForms _forms = new(graph, loop.Node);
    private Value? _last;

    /// <summary>False where something behind the loop needs what the builtin does not give.</summary>
    public bool Run()
    {
        StepList?[] lists = [.. Enumerable.Range(0, loop.Node.Inputs.Count).Select(i => StepList.Of(loop, i, loop.Body.Outputs[cell.Output]))];
        if (!Enumerable.Range(0, lists.Length).All(i => lists[i] is not null || i == cell.Output || !IsUsed(i) || (loop.Stays(i) && !graph.IsOutput(loop.Node.Outputs[i]))))
            return false;
        if (!Enumerable.Range(0, lists.Length).All(i => lists[i] is not null || i == cell.Output || i == cell.Memory || loop.Stays(i) || loop.IsCounter(i)))
            return false;

        StepSequence sequence = Forwards(cell.Sequence);
        (Value steps, bool timeMajor) = sequence.Axis == 1 ? (sequence.Steps, false) : _forms.BatchMajor(sequence.Steps) is { } turned ? (turned, false) : (sequence.Steps, true);
        string name = loop.Node.Name;
        Value outputs = _forms.Add(new Node(name, cell.Code, cell.Options(timeMajor), [steps, .. cell.Operands(name)], [new Value(name, TensorType.Float32, Shape.Unknown)]));
        for (int i = 0; i < lists.Length; i++)
        {
            if (lists[i] is { } list)
                GiveList(loop.Node.Outputs[i], list, outputs, timeMajor ? 0 : 1);
            else if (i == cell.Output && IsUsed(i))
                Give(loop.Node.Outputs[i], Last(outputs, timeMajor ? 0 : 1));
            else if (loop.Stays(i))
                graph.ReplaceUses(loop.Node.Outputs[i], loop.Node.Input(i)!);
        }

        graph.Remove(loop.Node);
        return true;
    }

    private bool IsUsed(int index) => loop.Node.Outputs[index].Consumers.Count > 0 || graph.IsOutput(loop.Node.Outputs[index]);

    private StepSequence Forwards(StepSequence sequence) =>
        sequence.IsBackwards ? sequence with { Steps = _forms.Reversed(sequence.Steps, sequence.Axis), IsBackwards = false } : sequence;

    private void GiveList(Value old, StepList list, Value outputs, int axis)
    {
        foreach (Node reader in old.Consumers.ToArray())
        {
            if (TakesLast(reader, list))
            {
                Give(reader.Output, Last(outputs, axis));
                graph.Remove(reader);
            }
        }

        if (old.Consumers.Count == 0 && !graph.IsOutput(old))
            return;
        if (list.KeepsLastOnly)
            Give(old, _forms.Reshaped(Last(outputs, axis), old.Shape.ToArray()));
        else
            Give(old, list.Axis == axis ? outputs : _forms.Swapped(outputs));
    }

    /// <summary>Whether the reader slices the last step off, without its axis.</summary>
    private bool TakesLast(Node reader, StepList list)
    {
        if (reader is not { Code: BuiltinOperator.StridedSlice, Options: StridedSliceOptions { NewAxisMask: 0, EllipsisMask: 0, Offset: false } options } || options.ShrinkAxisMask != 1 << list.Axis)
            return false;
        if (reader.Input(1)!.Elements is not { } begins || begins.Length <= list.Axis || !ConstantData.IsAll(reader.Input(3)!, 1))
            return false;
        bool isWholeElsewhere = Enumerable.Range(0, begins.Length).All(axis => axis == list.Axis || ((options.BeginMask & options.EndMask) >> axis & 1) == 1);
        Dimension place = begins[list.Axis], length = list.KeepsLastOnly ? 1 : loop.Count;
        return isWholeElsewhere && (place == -1 || place == length - 1);
    }

    private Value Last(Value outputs, int axis) => _last ??= _forms.Last(outputs, axis);

    private void Give(Value old, Value replacement)
    {
        if (graph.IsOutput(old))
            replacement.Name = old.Name;
        graph.ReplaceUses(old, replacement);
    }
}
