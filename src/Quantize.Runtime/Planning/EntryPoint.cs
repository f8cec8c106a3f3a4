using Quantize.Runtime.Format;

namespace Quantize.Runtime.Planning;

/// <summary>A signature bound to the tensors of its subgraph.</summary>
internal sealed class EntryPoint
{
    public EntryPoint(TfLiteModel model, Signature signature)
    {
        Subgraph = signature.Subgraph;
        Subgraph subgraph = model.Subgraphs[Subgraph];
        Inputs = [.. signature.Inputs.Select(entry => entry.Tensor)];
        Outputs = [.. signature.Outputs.Select(entry => entry.Tensor)];
        Info = new SignatureInfo(signature.Key, Describe(subgraph, signature.Inputs), Describe(subgraph, signature.Outputs));
    }

    public int Subgraph { get; }

    /// <summary>Tensor indices in the signature's order.</summary>
    public int[] Inputs { get; }

    public int[] Outputs { get; }

    public SignatureInfo Info { get; }

    public static TensorInfo Describe(string key, Tensor tensor)
    {
        QuantizationParameters? quantization = tensor.Quantization is { PerChannel: false } perTensor ? perTensor : null;
        return new TensorInfo(key, tensor.Name, tensor.Type, tensor.ShapeSignature, quantization?.Scales[0] ?? 0, (int)(quantization?.ZeroPoints[0] ?? 0)) { HasRank = tensor.HasRank };
    }

    private static TensorInfo[] Describe(Subgraph subgraph, SignatureEntry[] entries) =>
        [.. entries.Select(entry => Describe(entry.Key, subgraph.Tensors[entry.Tensor]))];
}
