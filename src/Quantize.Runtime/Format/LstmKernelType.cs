namespace Quantize.Runtime.Format;

/// <summary>Numbers of the schema's LSTMKernelType.</summary>
internal enum LstmKernelType
{
    Full = 0,
    Basic = 1,
}
