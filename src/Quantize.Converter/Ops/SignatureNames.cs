using Quantize.Converter.TensorFlow;

namespace Quantize.Converter.Ops;

/// <summary>The tensor names of a signature's inputs and outputs in the file: TensorFlow's own, with the output's number, as Google's converter writes them.</summary>
internal static class SignatureNames
{
    public static string Of(TfSignatureTensor tensor) => $"{tensor.Edge.Node.Name}:{tensor.Edge.Output}";
}
