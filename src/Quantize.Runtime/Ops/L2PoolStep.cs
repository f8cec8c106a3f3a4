using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>L2_POOL_2D on floats: squares, their means, the roots of these.</summary>
internal sealed class L2PoolStep(PrepareContext prepare, PoolGeometry geometry, ActivationRange range) : Step
{
    private readonly TensorSlot _input = prepare.Input(0);
    private readonly TensorSlot _output = prepare.Output(0);
    private readonly TensorSlot _squares = prepare.Scratch("squares", TensorType.Float32, prepare.Input(0).Shape);
    private readonly Pooling _pooling = prepare.Kernels.Pooling;
    private readonly Elementwise _elementwise = prepare.Kernels.Elementwise;

    public override string Kernel { get; } = $"{prepare.Kernels.Name} l2 pool float";

    public override void Run(in RunContext context)
    {
        Span<float> squares = context.Write<float>(_squares), output = context.Write<float>(_output);
        _elementwise.Unary(UnaryFunction.Square, context.Read<float>(_input), squares);
        _pooling.Average(squares, geometry, output, float.NegativeInfinity, float.PositiveInfinity);
        foreach (ref float value in output)
            value = MathF.Min(MathF.Max(MathF.Sqrt(value), range.Minimum), range.Maximum);
    }
}
