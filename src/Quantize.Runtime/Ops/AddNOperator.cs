using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>ADD_N: the sum of tensors of one shape.</summary>
internal static class AddNOperator
{
    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.AddN, ElementwiseShapes.Unary, Prepare);

    private static Step Prepare(PrepareContext context)
    {
        TensorSlot[] inputs = [.. Enumerable.Range(0, context.InputCount).Select(context.Input)];
        if (inputs.Any(input => input.Type != inputs[0].Type || input.ElementCount != inputs[0].ElementCount))
            throw context.Fail($"adds tensors that differ: {string.Join(", ", inputs.Select(input => input.ToString()))}");
        return inputs[0].Type switch
        {
            TensorType.Float32 => new FloatStep(inputs, context.Output(0), context.Kernels),
            TensorType.Int32 => new IntegerStep(inputs, context.Output(0)),
            _ => throw context.Fail($"adds {inputs[0].Type}, for which there is no kernel"),
        };
    }

    private sealed class FloatStep(TensorSlot[] inputs, TensorSlot output, KernelSet kernels) : Step
    {
        public override string Kernel => $"{kernels.Name} add n float";

        public override void Run(in RunContext context)
        {
            Span<float> target = context.Write<float>(output);
            context.Read<float>(inputs[0]).CopyTo(target);
            foreach (TensorSlot input in inputs.AsSpan(1))
                kernels.Elementwise.Binary(BinaryFunction.Add, target, context.Read<float>(input), target, float.NegativeInfinity, float.PositiveInfinity);
        }
    }

    private sealed class IntegerStep(TensorSlot[] inputs, TensorSlot output) : Step
    {
        public override string Kernel => "add n Int32";

        public override void Run(in RunContext context)
        {
            Span<int> target = context.Write<int>(output);
            target.Clear();
            foreach (TensorSlot input in inputs)
            {
                ReadOnlySpan<int> source = context.Read<int>(input);
                for (int i = 0; i < target.Length; i++)
                    target[i] = unchecked(target[i] + source[i]);
            }
        }
    }
}
