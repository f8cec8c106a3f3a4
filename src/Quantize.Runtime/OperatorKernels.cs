using Quantize.Runtime.Ops;

namespace Quantize.Runtime;

/// <summary>The operators of the runtime by name, for <see cref="CompileOptions.Operators"/>.</summary>
public static class OperatorKernels
{
    /// <summary>ABS</summary>
    public static OperatorKernel Abs => new(UnaryOperator.Abs);

    /// <summary>ADD</summary>
    public static OperatorKernel Add => new(BinaryOperator.Add);

    /// <summary>ARG_MAX</summary>
    public static OperatorKernel ArgMax => new(ArgExtremeOperator.Max);

    /// <summary>ARG_MIN</summary>
    public static OperatorKernel ArgMin => new(ArgExtremeOperator.Min);

    /// <summary>AVERAGE_POOL_2D</summary>
    public static OperatorKernel AveragePool2D => new(Pool2DOperator.Average);

    /// <summary>CAST</summary>
    public static OperatorKernel Cast => new(CastOperator.Definition);

    /// <summary>CONCATENATION</summary>
    public static OperatorKernel Concatenation => new(ConcatenationOperator.Concatenation);

    /// <summary>CONV_2D</summary>
    public static OperatorKernel Conv2D => new(Conv2DOperator.Definition);

    /// <summary>DEQUANTIZE</summary>
    public static OperatorKernel Dequantize => new(DequantizeOperator.Definition);

    /// <summary>DIV</summary>
    public static OperatorKernel Div => new(BinaryOperator.Div);

    /// <summary>EXP</summary>
    public static OperatorKernel Exp => new(UnaryOperator.Exp);

    /// <summary>EXPAND_DIMS</summary>
    public static OperatorKernel ExpandDims => new(ReshapeOperator.ExpandDims);

    /// <summary>FULLY_CONNECTED</summary>
    public static OperatorKernel FullyConnected => new(FullyConnectedOperator.Definition);

    /// <summary>LOGISTIC</summary>
    public static OperatorKernel Logistic => new(UnaryOperator.Logistic);

    /// <summary>MAX_POOL_2D</summary>
    public static OperatorKernel MaxPool2D => new(Pool2DOperator.Max);

    /// <summary>MAXIMUM</summary>
    public static OperatorKernel Maximum => new(BinaryOperator.Maximum);

    /// <summary>MINIMUM</summary>
    public static OperatorKernel Minimum => new(BinaryOperator.Minimum);

    /// <summary>MUL</summary>
    public static OperatorKernel Mul => new(BinaryOperator.Mul);

    /// <summary>NEG</summary>
    public static OperatorKernel Neg => new(UnaryOperator.Neg);

    /// <summary>PACK</summary>
    public static OperatorKernel Pack => new(ConcatenationOperator.Pack);

    /// <summary>RELU</summary>
    public static OperatorKernel Relu => new(UnaryOperator.Relu);

    /// <summary>RELU6</summary>
    public static OperatorKernel Relu6 => new(UnaryOperator.Relu6);

    /// <summary>RELUN1_TO_1</summary>
    public static OperatorKernel ReluN1To1 => new(UnaryOperator.ReluN1To1);

    /// <summary>RESHAPE</summary>
    public static OperatorKernel Reshape => new(ReshapeOperator.Reshape);

    /// <summary>RSQRT</summary>
    public static OperatorKernel Rsqrt => new(UnaryOperator.Rsqrt);

    /// <summary>SHAPE</summary>
    public static OperatorKernel Shape => new(ShapeOperator.Definition);

    /// <summary>SOFTMAX</summary>
    public static OperatorKernel Softmax => new(SoftmaxOperator.Definition);

    /// <summary>SQRT</summary>
    public static OperatorKernel Sqrt => new(UnaryOperator.Sqrt);

    /// <summary>SQUARE</summary>
    public static OperatorKernel Square => new(UnaryOperator.Square);

    /// <summary>SQUEEZE</summary>
    public static OperatorKernel Squeeze => new(ReshapeOperator.Squeeze);

    /// <summary>STRIDED_SLICE</summary>
    public static OperatorKernel StridedSlice => new(StridedSliceOperator.Definition);

    /// <summary>SUB</summary>
    public static OperatorKernel Sub => new(BinaryOperator.Sub);

    /// <summary>TANH</summary>
    public static OperatorKernel Tanh => new(UnaryOperator.Tanh);

    /// <summary>TRANSPOSE</summary>
    public static OperatorKernel Transpose => new(TransposeOperator.Definition);
}
