using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Fusion;

/// <summary>A program of elementwise operations over short rows. Where its places lie is known once the arena is planned: the first run writes it down for all.</summary>
internal sealed class PointwiseStep(KernelSet kernels, ElementwiseOperation[] operations, PointwisePlace[] places, AlignedBuffer constants, int rows) : Step
{
    private readonly Elementwise _elementwise = kernels.Elementwise;
    private ElementwiseProgram? _program;

    public override string Kernel { get; } = $"{kernels.Name} {operations.Length} functions float";

    public override void Run(in RunContext context) => _elementwise.Run(_program ??= Placed(), context.Arena);

    private ElementwiseProgram Placed() => new(
        operations, [.. places.Select(place => place.Offset)], [.. places.Select(place => place.Stride * sizeof(float))], constants, rows);
}
