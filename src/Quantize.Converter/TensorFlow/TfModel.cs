using Quantize.Build;

namespace Quantize.Converter.TensorFlow;

/// <summary>What a TensorFlow source holds: one graph and the entry points into it.</summary>
internal sealed record TfModel(TfGraph Graph, IReadOnlyList<TfSignature> Signatures)
{
    public IReadOnlyList<ModelDiagnostic> Warnings { get; init; } = [];
}

/// <summary>An entry point. Inputs stand in the model's own argument order where it records one, else in ordinal order of their keys.</summary>
internal sealed record TfSignature(string Key, IReadOnlyList<TfSignatureTensor> Inputs, IReadOnlyList<TfSignatureTensor> Outputs);

/// <summary>One key of a signature and the edge it stands for.</summary>
internal sealed record TfSignatureTensor(string Key, TfEdge Edge, TfDataType Type, TfShape Shape);
