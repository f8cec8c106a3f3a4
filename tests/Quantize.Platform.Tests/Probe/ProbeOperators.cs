using Quantize.Runtime;

namespace Quantize.Probe;

/// <summary>The custom operator of animals.tflite, as its signature names it.</summary>
internal static class ProbeOperators
{
    public static IReadOnlyList<CustomOperator> All { get; } = [new("Twice", Prepare)];

    private static CustomKernel Prepare(CustomOperatorContext context)
    {
        context.SetOutputShape(0, context.InputShape(0));
        return run =>
        {
            ReadOnlySpan<float> source = run.Input<float>(0);
            Span<float> target = run.Output<float>(0);
            for (int i = 0; i < target.Length; i++)
                target[i] = 2 * source[i];
        };
    }
}
