using Quantize.Runtime.Format;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Fusion;

/// <summary>A block that gets the dimensions it needs only to be put into another tensor is read as it was.</summary>
internal static class ShapeOfUpdate
{
    public static PlannedStep? Fuse(PlannedStep reshape, PlannedStep update)
    {
        if (reshape is not { Definition.KeepsElements: true } || update is not { Definition.Code: BuiltinOperator.DynamicUpdateSlice, Context.Fused.BlockShape: null } || update.Inputs[1] != reshape.Outputs[0])
            return null;
        TensorSlot block = reshape.Inputs[0]!;
        FusedWork work = update.Context.Fused with { BlockShape = reshape.Outputs[0].Shape };
        PlannedStep joint = update.With(work, $"{reshape.Name}+{update.Name}", [update.Context.Inputs[0], block, .. update.Context.Inputs[2..]], update.Outputs);
        return joint with { Inputs = [update.Inputs[0], block, .. update.Inputs[2..]] };
    }
}
