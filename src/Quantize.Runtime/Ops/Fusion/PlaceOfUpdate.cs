using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Fusion;

/// <summary>Numbers that are packed only to say where DYNAMIC_UPDATE_SLICE puts its block are read where they are.</summary>
internal static class PlaceOfUpdate
{
    public static PlannedStep? Fuse(PlannedStep pack, PlannedStep update)
    {
        bool fits = pack is { Definition.Code: BuiltinOperator.Pack, Context.Options: PackOptions } && update is { Definition.Code: BuiltinOperator.DynamicUpdateSlice } && update.Inputs.Length == 3
            && update.Inputs[2] == pack.Outputs[0] && pack.Inputs.All(element => element is { Type: TensorType.Int32, ElementCount: 1 });
        if (!fits)
            return null;
        TensorSlot[] place = [.. pack.Inputs.Select(element => element!)];
        PlannedStep joint = update.With(update.Context!.Fused with { Place = place }, $"{pack.Name}+{update.Name}", update.Context.Inputs, update.Outputs);
        return joint with { Inputs = [update.Inputs[0], update.Inputs[1], .. place] };
    }
}
