using Quantize.Runtime.Format;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>
/// The meaning of one operator, written down once: its shape rule, and how a step that computes it is prepared. Options are created by
/// <see cref="OperatorOptionsTable"/>.
/// </summary>
internal sealed record OperatorDefinition(BuiltinOperator Code, Action<ShapeContext> InferShapes, Func<PrepareContext, Step> Prepare)
{
    /// <summary>The result follows from shapes alone (SHAPE, RANK), so it is known as soon as those are.</summary>
    public bool DependsOnShapesOnly { get; init; }

    /// <summary>How many products a run of it adds up; operators that are no matrix product or convolution count none.</summary>
    public Func<PrepareContext, long> MultiplyAdds { get; init; } = static _ => 0;

    /// <summary>Whether the planner can compute it at once: it stays what it is in every run.</summary>
    public bool IsKnownWithoutRun(TensorSlot?[] inputs) =>
        DependsOnShapesOnly || (inputs.Length > 0 && Array.TrueForAll(inputs, input => input is null or { IsKnown: true }));
}
