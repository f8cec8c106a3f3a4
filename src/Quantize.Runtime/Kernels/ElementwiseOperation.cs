namespace Quantize.Runtime.Kernels;

/// <summary>
/// One operation of a program over short rows: operands and result are numbers of places, whose memory is not the same for the result as for an operand. A function of one operand names it twice.
/// </summary>
internal readonly record struct ElementwiseOperation(UnaryFunction? Unary, BinaryFunction? Binary, int First, int Second, int Result, int Length, float Minimum, float Maximum);
