using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Passes.Recurrent;

/// <summary>
/// cell = s(forget) * cell + s(input) * tanh(candidate), output = s(output) * tanh(cell), s being the logistic function. What the operands of the gates are tells which is which,
/// whatever their order in the weights.
/// </summary>
internal static class LstmCell
{
    private static readonly string[] s_gates = ["input", "forget", "candidate", "output"];

    public static RecurrentCell? Find(StepLoop loop)
    {
        for (int output = 0; output < loop.Body.Outputs.Count; output++)
        {
            if (Of(loop, output) is { } cell)
                return cell;
        }

        return null;
    }

    private static RecurrentCell? Of(StepLoop loop, int output)
    {
        foreach ((Value gate, Value squashed) in Product(loop.Body.Outputs[output]))
        {
            if (Operand(gate, BuiltinOperator.Logistic) is not { } outputGate || Operand(squashed, BuiltinOperator.Tanh) is not { } cell)
                continue;
            int memory = loop.Body.Outputs.IndexOf(cell);
            if (memory < 0 || memory == output || !loop.BeginsAtZero(output) || !loop.BeginsAtZero(memory) || Gates(cell, loop.Body.Inputs[memory]) is not { } gates)
                continue;
            GateSum?[] sums = [.. gates.Append(outputGate).Select(one => GateSum.ActivationOf(one) == ActivationFunction.None ? GateSum.Of(loop, loop.Body.Inputs[output], one) : null)];
            if (Array.TrueForAll(sums, sum => sum is not null && sum.Sequence == sums[0]!.Sequence))
                return Cell(loop, output, memory, sums!);
        }

        return null;
    }

    /// <summary>The operands of the gates input, forget and candidate.</summary>
    private static Value[]? Gates(Value cell, Value before)
    {
        foreach ((Value kept, Value taken) in Pairs(cell, BuiltinOperator.Add))
        {
            Value? forget = Product(kept).Where(pair => pair.Item2 == before).Select(pair => Operand(pair.Item1, BuiltinOperator.Logistic)).FirstOrDefault();
            foreach ((Value gate, Value candidate) in forget is null ? [] : Product(taken))
            {
                if (Operand(gate, BuiltinOperator.Logistic) is { } input && Operand(candidate, BuiltinOperator.Tanh) is { } squashed)
                    return [input, forget!, squashed];
            }
        }

        return null;
    }

    private static RecurrentCell Cell(StepLoop loop, int output, int memory, GateSum[] sums)
    {
        int[] shape = loop.Node.Input(output)!.Shape.ToArray();
        return new RecurrentCell(
            output, memory, sums[0].Sequence, BuiltinOperator.UnidirectionalSequenceLstm,
            timeMajor => new UnidirectionalSequenceLstmOptions { Activation = ActivationFunction.Tanh, TimeMajor = timeMajor },
            name =>
            [
                .. sums.Select((sum, i) => sum.InputWeights(s_gates[i])),
                .. sums.Select((sum, i) => sum.RecurrentWeights(s_gates[i])),
                null, null, null,
                .. sums.Select((sum, i) => sum.Bias($"{name}/bias/{s_gates[i]}")),
                null, null,
                RecurrentLoops.State($"{name}/output_state", shape), RecurrentLoops.State($"{name}/cell_state", shape),
                null, null, null, null,
            ]);
    }

    private static IEnumerable<(Value, Value)> Product(Value value) => Pairs(value, BuiltinOperator.Mul);

    private static IEnumerable<(Value, Value)> Pairs(Value value, BuiltinOperator code)
    {
        if (value.Producer is not { Inputs: [Value first, Value second] } node || node.Code != code || GateSum.ActivationOf(value) != ActivationFunction.None)
            yield break;
        yield return (first, second);
        yield return (second, first);
    }

    private static Value? Operand(Value value, BuiltinOperator function) => value is { Type: TensorType.Float32, Producer: { } node } && node.Code == function ? node.Input(0) : null;
}
