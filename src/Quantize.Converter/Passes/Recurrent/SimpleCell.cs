using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Passes.Recurrent;

/// <summary>output = f(sum), f being tanh or relu.</summary>
internal static class SimpleCell
{
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
        if (!loop.BeginsAtZero(output) || Squashed(loop.Body.Outputs[output]) is not (Value operand, ActivationFunction activation))
            return null;
        if (GateSum.Of(loop, loop.Body.Inputs[output], operand) is not { } sum)
            return null;
        int[] shape = loop.Node.Input(output)!.Shape.ToArray();
        return new RecurrentCell(
            output, Memory: -1, sum.Sequence, BuiltinOperator.UnidirectionalSequenceRnn,
            timeMajor => new SequenceRnnOptions { Activation = activation, TimeMajor = timeMajor },
            name => [sum.InputWeights("input"), sum.RecurrentWeights("recurrent"), sum.Bias($"{name}/bias"), RecurrentLoops.State($"{name}/state", shape)]);
    }

    /// <summary>The operand of the function, which may be fused into its operator.</summary>
    private static (Value, ActivationFunction)? Squashed(Value value)
    {
        ActivationFunction fused = GateSum.ActivationOf(value), function = Function(value);
        if (fused == ActivationFunction.Relu)
            return (value, fused);
        bool isApart = fused == ActivationFunction.None && function != ActivationFunction.None && GateSum.ActivationOf(value.Producer!.Input(0)!) == ActivationFunction.None;
        return isApart ? (value.Producer!.Input(0)!, function) : null;
    }

    private static ActivationFunction Function(Value value) => value.Producer?.Code switch
    {
        BuiltinOperator.Tanh => ActivationFunction.Tanh,
        BuiltinOperator.Relu => ActivationFunction.Relu,
        _ => ActivationFunction.None,
    };
}
