using System.Numerics;
using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
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

    public static OperatorDefinition And { get; } = Of(BuiltinOperator.LogicalAnd, BitFunction.And);

    public static OperatorDefinition Or { get; } = Of(BuiltinOperator.LogicalOr, BitFunction.Or);

    public static OperatorDefinition Not { get; } = new(BuiltinOperator.LogicalNot, ElementwiseShapes.Unary, context => new NotStep(context.Input(0), context.Output(0)));

    public static OperatorDefinition BitwiseXor { get; } = Of(BuiltinOperator.BitwiseXor, BitFunction.Xor);

    public static OperatorDefinition RightShift { get; } = Of(BuiltinOperator.RightShift, BitFunction.ShiftRight);

    private static OperatorDefinition Of(BuiltinOperator code, BitFunction function) => new(code, ElementwiseShapes.Binary, context => Prepare(context, function));

    private static Step Prepare(PrepareContext context, BitFunction function)
    {
        TensorSlot a = context.Input(0);
        return a.Type switch
        {
            TensorType.Int8 => new BitStep<sbyte>(context, function),
            TensorType.UInt8 or TensorType.Bool => new BitStep<byte>(context, function),
            TensorType.Int16 => new BitStep<short>(context, function),
            TensorType.UInt16 => new BitStep<ushort>(context, function),
            TensorType.Int32 => new BitStep<int>(context, function),
            TensorType.UInt32 => new BitStep<uint>(context, function),
            TensorType.Int64 => new BitStep<long>(context, function),
            _ => throw context.Fail($"has {a.Type} operands, for which there is no kernel"),
        };
    }

    private sealed class BitStep<T>(PrepareContext prepare, BitFunction function) : Step
        where T : unmanaged, IBinaryInteger<T>
    {
        private readonly TensorSlot _a = prepare.Input(0);
        private readonly TensorSlot _b = prepare.Input(1);
        private readonly TensorSlot _output = prepare.Output(0);
        private readonly BroadcastGeometry _geometry = new(prepare.Input(0).Shape, prepare.Input(1).Shape, prepare.Output(0).Shape);

        public override string Kernel => $"{function.ToString().ToLowerInvariant()} {_a.Type}";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<T> a = context.Read<T>(_a), b = context.Read<T>(_b);
            Span<T> target = context.Write<T>(_output);
            if (target.IsEmpty)
                return;
            for (int row = 0; row < _geometry.Rows; row++)
            {
                (int atA, int atB) = _geometry.Offsets(row);
                for (int i = 0; i < _geometry.RowLength; i++)
                    target[row * _geometry.RowLength + i] = Apply(a[atA + (_geometry.LengthA == 1 ? 0 : i)], b[atB + (_geometry.LengthB == 1 ? 0 : i)]);
            }
        }

        private T Apply(T a, T b) => function switch
        {
            BitFunction.And => a & b,
            BitFunction.Or => a | b,
            BitFunction.Xor => a ^ b,
            _ => a >> int.Clamp(int.CreateSaturating(b), 0, _a.Type.Bits() - 1),
        };
    }

    private sealed class NotStep(TensorSlot input, TensorSlot output) : Step
    {
        public override string Kernel => "not Bool";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<bool> source = context.Read<bool>(input);
            Span<bool> target = context.Write<bool>(output);
            for (int i = 0; i < target.Length; i++)
                target[i] = !source[i];
        }
    }
}
