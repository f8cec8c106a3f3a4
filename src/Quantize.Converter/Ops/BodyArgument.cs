using Quantize.Converter.Graphs;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Ops;

/// <summary>What a function is given.</summary>
/// <param name="Operand">The caller's value.</param>
/// <param name="Shape">The shape that the function may count on: a loop may change it.</param>
/// <param name="IsFixed">It is the operand whenever the function runs; what is known of its elements holds.</param>
internal sealed record BodyArgument(Value Operand, Shape Shape, bool IsFixed)
{
    public static BodyArgument Of(Value operand) => new(operand, operand.Shape, IsFixed: true);
}
