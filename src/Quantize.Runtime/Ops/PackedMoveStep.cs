using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>Integers of less than a byte under an operator that moves elements without looking at them: it moves them as bytes, which are packed again.</summary>
internal sealed class PackedMoveStep : Step
{
    private readonly Step _moveBytes;
    private readonly (TensorSlot Packed, TensorSlot Bytes)[] _inputs;
    private readonly (TensorSlot Packed, TensorSlot Bytes)[] _outputs;

    private PackedMoveStep(Step moveBytes, (TensorSlot, TensorSlot)[] inputs, (TensorSlot, TensorSlot)[] outputs) => (_moveBytes, _inputs, _outputs) = (moveBytes, inputs, outputs);

    public override string Kernel => $"{_moveBytes.Kernel}, packed";

    /// <summary>Whether the operator has such integers to move.</summary>
    public static bool Applies(OperatorDefinition definition, PrepareContext context) => definition.MovesElements && context.OutputCount > 0 && IsPacked(context.Output(0));

    public static PackedMoveStep Prepare(OperatorDefinition definition, PrepareContext context)
    {
        TensorSlot?[] inputs = [.. context.Inputs.Select(slot => Unpacked(context, slot))];
        TensorSlot[] outputs = [.. context.Outputs.Select(slot => Unpacked(context, slot)!)];
        Step move = context.PrepareLike(definition, inputs, outputs);
        return new PackedMoveStep(move, Pairs(context.Inputs, inputs), Pairs(context.Outputs, outputs));
    }

    public override void Run(in RunContext context)
    {
        foreach ((TensorSlot packed, TensorSlot bytes) in _inputs)
            PackedCodes.Unpack(context.Read<byte>(packed), packed.Type.Bits(), context.Write<sbyte>(bytes));
        _moveBytes.Run(context);
        foreach ((TensorSlot packed, TensorSlot bytes) in _outputs)
            PackedCodes.Pack(context.Read<sbyte>(bytes), packed.Type.Bits(), context.Write<byte>(packed));
    }

    private static bool IsPacked(TensorSlot? slot) => slot is { Type: TensorType.Int4 or TensorType.Int2 or TensorType.UInt4 };

    private static TensorSlot? Unpacked(PrepareContext context, TensorSlot? slot) => IsPacked(slot) ? context.Scratch(slot!.Name, TensorType.Int8, slot.Shape) : slot;

    private static (TensorSlot, TensorSlot)[] Pairs(TensorSlot?[] packed, TensorSlot?[] bytes) =>
        [.. packed.Zip(bytes).Where(pair => IsPacked(pair.First)).Select(pair => (pair.First!, pair.Second!))];
}
