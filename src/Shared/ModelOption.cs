using System.Collections.Generic;

namespace Quantize.Build;

/// <summary>
/// Something that can be asked of a conversion. <paramref name="Name"/>: as the metadata of a TfModel item and the properties of a request have it.
/// <paramref name="Switch"/>: as the command line has it. Sentences write it {Name}; who prints one chooses.
/// </summary>
internal sealed record ModelOption(string Name, string Switch)
{
    public static readonly ModelOption Include = new("Include", "MODEL");
    public static readonly ModelOption ClassName = new("ClassName", "--class");
    public static readonly ModelOption Namespace = new("Namespace", "--namespace");
    public static readonly ModelOption Quantization = new("Quantization", "--quantization");
    public static readonly ModelOption Arithmetic = new("Arithmetic", "--arithmetic");
    public static readonly ModelOption KeepFloat = new("KeepFloat", "--keep-float");
    public static readonly ModelOption SignatureKey = new("SignatureKey", "--signature");
    public static readonly ModelOption Tags = new("Tags", "--tags");
    public static readonly ModelOption InputArrays = new("InputArrays", "--inputs");
    public static readonly ModelOption OutputArrays = new("OutputArrays", "--outputs");
    public static readonly ModelOption InputShapes = new("InputShapes", "--input-shapes");
    public static readonly ModelOption Labels = new("Labels", "--labels");
    public static readonly ModelOption CustomOperators = new("CustomOperators", "--custom-operators");
    public static readonly ModelOption Batch = new("Batch", "--batch");

    /// <summary>Those that an item has as metadata.</summary>
    public static readonly IReadOnlyList<ModelOption> Metadata =
        [ClassName, Namespace, Quantization, Arithmetic, KeepFloat, SignatureKey, Tags, InputArrays, OutputArrays, InputShapes, Labels, CustomOperators];

    public static readonly IReadOnlyList<ModelOption> All = [Include, .. Metadata, Batch];
}
