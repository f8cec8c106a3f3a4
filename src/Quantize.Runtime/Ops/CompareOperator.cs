using System.Numerics;
using Quantize.Runtime.Format;
using Quantize.Runtime.Ops.Integer;
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

    private static OperatorDefinition Of(BuiltinOperator code, Relation relation) => new(code, ElementwiseShapes.Compare, context => Prepare(context, relation)) { WidensHalves = true };

    private static Step Prepare(PrepareContext context, Relation relation) => IntegerCompare.Applies(context)
        ? IntegerCompare.Prepare(context, relation.ToString().ToLowerInvariant(), Holds<int>(relation))
        : PreparePlain(context, relation);

    private static Step PreparePlain(PrepareContext context, Relation relation) => context.Input(0).Type switch
    {
        TensorType.Float32 => Compare<float>(context, relation),
        TensorType.Float64 => Compare<double>(context, relation),
        TensorType.Int8 => Compare<sbyte>(context, relation),
        TensorType.UInt8 or TensorType.Bool => Compare<byte>(context, relation),
        TensorType.Int16 => Compare<short>(context, relation),
        TensorType.UInt16 => Compare<ushort>(context, relation),
        TensorType.Int32 => Compare<int>(context, relation),
        TensorType.UInt32 => Compare<uint>(context, relation),
        TensorType.Int64 => Compare<long>(context, relation),
        TensorType.UInt64 => Compare<ulong>(context, relation),
        TensorType.String when relation is Relation.Equal or Relation.NotEqual => new StringEqualStep(context, relation == Relation.Equal),
        TensorType type => throw context.Fail($"compares {type}, for which there is no kernel"),
    };

    private static ZipStep<T, T, bool> Compare<T>(PrepareContext context, Relation relation)
        where T : unmanaged, IComparisonOperators<T, T, bool> => new(context, $"{relation.ToString().ToLowerInvariant()} {context.Input(0).Type}", Holds<T>(relation));

    private static Func<T, T, bool> Holds<T>(Relation relation)
        where T : unmanaged, IComparisonOperators<T, T, bool> => relation switch
        {
            Relation.Equal => (a, b) => a == b,
            Relation.NotEqual => (a, b) => a != b,
            Relation.Greater => (a, b) => a > b,
            Relation.GreaterEqual => (a, b) => a >= b,
            Relation.Less => (a, b) => a < b,
            _ => (a, b) => a <= b,
        };
}
