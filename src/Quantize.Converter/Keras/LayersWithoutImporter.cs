namespace Quantize.Converter.Keras;

/// <summary>Layers of Keras's own that are not imported, each with what to do instead.</summary>
internal static class LayersWithoutImporter
{
    public const string Unknown = "it is a layer of Keras that is not known here; export the model with model.export and convert that, or cut the model in front of or behind it";

    private const string Texts = "it reads text, and tensors here hold numbers; save the model without it, from its output on, and make the numbers in C# before the call (the layer's get_vocabulary() has the words)";

    private const string Hashes = "it hashes its input, which no builtin does; save the model without it, from its output on, and make the numbers before the call";

    private const string Sound = "it computes a spectrum of sound; export the model with model.export and convert that, or save the model without it and make the spectrum before the call";

    private const string Foreign = "it wraps a model of another framework; convert that model itself";

    private const string Pictures = "it prepares pictures by their histograms or boxes; save the model without it, and prepare the pictures before the call";

    private const string Old = "it is a layer of old versions of Keras; export the model with model.export and convert that";

    public static readonly IReadOnlyDictionary<string, string> Table = new Dictionary<string, string>
    {
        ["ContrastLimitedAdaptiveHistogramEqualization"] = Pictures,
        ["CuDNNGRU"] = Old,
        ["CuDNNLSTM"] = Old,
        ["DenseFeatures"] = Old,
        ["FeatureSpace"] = Texts,
        ["FlaxLayer"] = Foreign,
        ["HashedCrossing"] = Hashes,
        ["Hashing"] = Hashes,
        ["IntegerLookup"] = "it looks numbers up in a vocabulary; save the model without it, from its output on, and make the positions before the call (its get_vocabulary() has the numbers)",
        ["JaxLayer"] = Foreign,
        ["LocallyConnected1D"] = Old,
        ["LocallyConnected2D"] = Old,
        ["MaxNumBoundingBoxes"] = Pictures,
        ["MelSpectrogram"] = Sound,
        ["STFTSpectrogram"] = Sound,
        ["StringLookup"] = Texts,
        ["TFSMLayer"] = "it runs a SavedModel; convert that folder itself",
        ["TernaryDense"] = "its weights are rounded to -1, 0 and 1 in a way that is not computed here; use Dense, or export the model with model.export and convert that",
        ["TextVectorization"] = Texts,
        ["TorchModuleWrapper"] = Foreign,
    };
}
