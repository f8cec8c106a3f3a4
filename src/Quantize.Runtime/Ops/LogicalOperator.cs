using System.Numerics;
using Quantize.Runtime.Format;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>Functions of truth values and of bits.</summary>
internal static class LogicalOperator
{
    private enum BitFunction
    {
        And,
        Or,
        Xor,
        ShiftRight,
    }

    public static OperatorDefinition And { get; } = OfTruth(BuiltinOperator.LogicalAnd, BitFunction.And);

    public static OperatorDefinition Or { get; } = OfTruth(BuiltinOperator.LogicalOr, BitFunction.Or);

    public static OperatorDefinition Not { get; } = new(BuiltinOperator.LogicalNot, ElementwiseShapes.Unary, PrepareNot);

    public static OperatorDefinition BitwiseXor { get; } = Of(BuiltinOperator.BitwiseXor, BitFunction.Xor);

    public static OperatorDefinition RightShift { get; } = Of(BuiltinOperator.RightShift, BitFunction.ShiftRight);

    private static OperatorDefinition OfTruth(BuiltinOperator code, BitFunction function) =>
        new(code, ElementwiseShapes.Binary, context => Bits<byte>(RequireTruth(context), function)) { MayOverwrite = InPlace.Elementwise };

    private static MapStep<bool, bool> PrepareNot(PrepareContext context) => new(RequireTruth(context).Input(0), context.Output(0), "not Bool", x => !x);

    private static PrepareContext RequireTruth(PrepareContext context) =>
        context.Input(0).Type == TensorType.Bool ? context : throw context.Fail($"has {context.Input(0).Type} operands, where truth values are wanted");

    private static OperatorDefinition Of(BuiltinOperator code, BitFunction function) =>
        new(code, ElementwiseShapes.Binary, context => Prepare(context, function)) { MayOverwrite = InPlace.Elementwise };

    private static Step Prepare(PrepareContext context, BitFunction function) => context.Input(0).Type switch
    {
        TensorType.Int8 => Bits<sbyte>(context, function),
        TensorType.UInt8 or TensorType.Bool => Bits<byte>(context, function),
        TensorType.Int16 => Bits<short>(context, function),
        TensorType.UInt16 => Bits<ushort>(context, function),
        TensorType.Int32 => Bits<int>(context, function),
        TensorType.UInt32 => Bits<uint>(context, function),
        TensorType.Int64 => Bits<long>(context, function),
        TensorType.UInt64 => Bits<ulong>(context, function),
        TensorType type => throw context.Fail($"has {type} operands, for which there is no kernel"),
    };

    private static ZipStep<T, T, T> Bits<T>(PrepareContext context, BitFunction function)
        where T : unmanaged, IBinaryInteger<T>
    {
        int longestShift = context.Input(0).Type.Bits() - 1;
        return new ZipStep<T, T, T>(context, $"{function.ToString().ToLowerInvariant()} {context.Input(0).Type}", function switch
        {
            BitFunction.And => (a, b) => a & b,
            BitFunction.Or => (a, b) => a | b,
            BitFunction.Xor => (a, b) => a ^ b,
            _ => (a, b) => a >> int.Clamp(int.CreateSaturating(b), 0, longestShift),
        });
    }
}
