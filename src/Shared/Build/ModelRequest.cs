using System.Runtime.Serialization;

namespace Quantize.Build;

/// <summary>One TfModel item, as the user wrote it. Empty means: as the model says, or the default.</summary>
[DataContract]
internal sealed class ModelRequest
{
    /// <summary>The item's Include, for messages and documentation.</summary>
    [DataMember(Name = "source")]
    public string Source { get; set; } = "";

    /// <summary>Full path of the model's file or folder.</summary>
    [DataMember(Name = "path")]
    public string Path { get; set; } = "";

    [DataMember(Name = "className")]
    public string ClassName { get; set; } = "";

    [DataMember(Name = "namespace")]
    public string Namespace { get; set; } = "";

    [DataMember(Name = "rootNamespace")]
    public string RootNamespace { get; set; } = "";

    [DataMember(Name = "quantization")]
    public string Quantization { get; set; } = "";

    [DataMember(Name = "arithmetic")]
    public string Arithmetic { get; set; } = "";

    [DataMember(Name = "signatureKey")]
    public string SignatureKey { get; set; } = "";

    [DataMember(Name = "tags")]
    public string[] Tags { get; set; } = [];

    [DataMember(Name = "inputArrays")]
    public string[] InputArrays { get; set; } = [];

    [DataMember(Name = "outputArrays")]
    public string[] OutputArrays { get; set; } = [];

    [DataMember(Name = "keepFloat")]
    public string[] KeepFloat { get; set; } = [];

    [DataMember(Name = "inputShapes")]
    public string[] InputShapes { get; set; } = [];

    /// <summary>Full path of the file of labels.</summary>
    [DataMember(Name = "labels")]
    public string Labels { get; set; } = "";

    [DataMember(Name = "customOperators")]
    public string CustomOperators { get; set; } = "";

    /// <summary>Names this wish and no other: equal for equal metadata, path and tool, whatever the model's files hold.</summary>
    public string Key(string toolVersion) => Digest.OfFields(
        toolVersion, Source, Path, ClassName, Namespace, RootNamespace, Quantization, Arithmetic, SignatureKey, Labels, CustomOperators,
        Digest.OfFields(Tags), Digest.OfFields(InputArrays), Digest.OfFields(OutputArrays), Digest.OfFields(KeepFloat), Digest.OfFields(InputShapes));
}
