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

    /// <summary>A run leaves something behind, or finds what an earlier one left: never computed before the run.</summary>
    public bool IsStateful { get; init; }

    /// <summary>Where the rule cannot tell a shape, the step can: it allocates the output itself.</summary>
    public bool SizesItself { get; init; }

    /// <summary>It gives elements of its inputs other places and looks at none: strings may be among them.</summary>
    public bool MovesElements { get; init; }

    /// <summary>It computes floats, and so float16 and bfloat16 too, which are widened for it.</summary>
    public bool WidensHalves { get; init; }

    /// <summary>For an operator that runs subgraphs: plans them and prepares the step, in place of <see cref="Prepare"/>.</summary>
    public Func<ControlContext, Step>? PlanSubgraphs { get; init; }

    /// <summary>An operator that runs subgraphs of the model.</summary>
    public static OperatorDefinition OfSubgraphs(BuiltinOperator code, Action<ShapeContext> inferShapes, Func<ControlContext, Step> plan) =>
        new(code, inferShapes, context => throw context.Fail("runs subgraphs, which only a whole model has")) { PlanSubgraphs = plan };

    /// <summary>How many products a run of it adds up; operators that are no matrix product or convolution count none.</summary>
    public Func<PrepareContext, long> MultiplyAdds { get; init; } = static _ => 0;

    /// <summary>The inputs over which the first output may be written, where nothing else reads them.</summary>
    public Func<PrepareContext, IReadOnlyList<TensorSlot>> MayOverwrite { get; init; } = InPlace.Never;

    /// <summary>The output has the elements of the first input, in their order: no memory of its own is needed.</summary>
    public bool KeepsElements { get; init; }

    /// <summary>The step that computes it: for numbers as they lie in memory, or for those that are unpacked or widened first, or for strings.</summary>
    public Step PrepareStep(PrepareContext context) =>
        StringMoveStep.Applies(this, context) ? StringMoveStep.Prepare(this, context)
        : PackedMoveStep.Applies(this, context) ? PackedMoveStep.Prepare(this, context)
        : HalfWidthStep.Applies(this, context) ? HalfWidthStep.Prepare(this, context)
        : Prepare(context);

    /// <summary>Whether the planner can compute it at once: it stays what it is in every run.</summary>
    public bool IsKnownWithoutRun(TensorSlot?[] inputs) =>
        DependsOnShapesOnly || (!IsStateful && PlanSubgraphs is null && inputs.Length > 0 && Array.TrueForAll(inputs, input => input is null or { IsKnown: true }));
}
