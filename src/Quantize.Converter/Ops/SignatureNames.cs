using Quantize.Converter.TensorFlow;

namespace Quantize.Converter.Ops;

/// <summary>
/// The tensor names of a signature's inputs and outputs in the file: TensorFlow's own, with the output's number, as Google's converter writes them. Where the
/// caller named the array (a frozen graph), it is that name.
/// </summary>
internal static class SignatureNames
{
    public static string Of(TfSignatureTensor tensor) =>
        tensor.Key == tensor.Edge.ToString() ? tensor.Key : $"{tensor.Edge.Node.Name}:{tensor.Edge.Output}";
}
