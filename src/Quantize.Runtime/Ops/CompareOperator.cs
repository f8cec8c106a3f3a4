using System.Numerics;
using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>Comparisons with broadcasting; a NaN equals nothing, not even itself.</summary>
internal static class CompareOperator
{
    private enum Relation
    {
        Equal,
        NotEqual,
        Greater,
        GreaterEqual,
        Less,
        LessEqual,
    }

    public static OperatorDefinition Equal { get; } = Of(BuiltinOperator.Equal, Relation.Equal);

    public static OperatorDefinition NotEqual { get; } = Of(BuiltinOperator.NotEqual, Relation.NotEqual);

    public static OperatorDefinition Greater { get; } = Of(BuiltinOperator.Greater, Relation.Greater);

    public static OperatorDefinition GreaterEqual { get; } = Of(BuiltinOperator.GreaterEqual, Relation.GreaterEqual);

    public static OperatorDefinition Less { get; } = Of(BuiltinOperator.Less, Relation.Less);

    public static OperatorDefinition LessEqual { get; } = Of(BuiltinOperator.LessEqual, Relation.LessEqual);

    private static OperatorDefinition Of(BuiltinOperator code, Relation relation) => new(code, ElementwiseShapes.Compare, context => Prepare(context, relation));

    private static Step Prepare(PrepareContext context, Relation relation)
    {
        TensorSlot a = context.Input(0);
        return a.Type switch
        {
            TensorType.Float32 => new CompareStep<float>(context, relation),
            TensorType.Float64 => new CompareStep<double>(context, relation),
            TensorType.Int8 => new CompareStep<sbyte>(context, relation),
            TensorType.UInt8 or TensorType.Bool => new CompareStep<byte>(context, relation),
            TensorType.Int16 => new CompareStep<short>(context, relation),
            TensorType.Int32 => new CompareStep<int>(context, relation),
            TensorType.Int64 => new CompareStep<long>(context, relation),
            _ => throw context.Fail($"compares {a.Type}, for which there is no kernel"),
        };
    }

    private sealed class CompareStep<T>(PrepareContext prepare, Relation relation) : Step
        where T : unmanaged, IComparisonOperators<T, T, bool>
    {
        private readonly TensorSlot _a = prepare.Input(0);
        private readonly TensorSlot _b = prepare.Input(1);
        private readonly TensorSlot _output = prepare.Output(0);
        private readonly BroadcastGeometry _geometry = new(prepare.Input(0).Shape, prepare.Input(1).Shape, prepare.Output(0).Shape);

        public override string Kernel => $"{relation.ToString().ToLowerInvariant()} {_a.Type}";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<T> a = context.Read<T>(_a), b = context.Read<T>(_b);
            Span<bool> target = context.Write<bool>(_output);
            if (target.IsEmpty)
                return;
            for (int row = 0; row < _geometry.Rows; row++)
            {
                (int atA, int atB) = _geometry.Offsets(row);
                Span<bool> results = target.Slice(row * _geometry.RowLength, _geometry.RowLength);
                for (int i = 0; i < results.Length; i++)
                    results[i] = Holds(a[atA + (_geometry.LengthA == 1 ? 0 : i)], b[atB + (_geometry.LengthB == 1 ? 0 : i)]);
            }
        }

        private bool Holds(T a, T b) => relation switch
        {
            Relation.Equal => a == b,
            Relation.NotEqual => a != b,
            Relation.Greater => a > b,
            Relation.GreaterEqual => a >= b,
            Relation.Less => a < b,
            _ => a <= b,
        };
    }
}
