namespace Quantize.Runtime.Format;

/// <summary>Activation fused into an operator.</summary>
internal enum ActivationFunction
{
    None = 0,
    Relu = 1,
    ReluN1To1 = 2,
    Relu6 = 3,
    Tanh = 4,
    SignBit = 5,
}
