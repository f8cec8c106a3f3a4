using Quantize.Build;

namespace Quantize.Converter.TensorFlow;

/// <summary>Reads any TensorFlow source: a SavedModel folder (or its saved_model.pb) or a frozen GraphDef.</summary>
internal static class TensorFlowReader
{
    private const string SavedModelFile = "saved_model.pb";

    /// <summary>What else one may take for a model: the file that tells, what it is, and what to do.</summary>
    private static readonly (string Pattern, string Fact)[] OtherFolders =
    [
        ("saved_model.pbtxt", "its saved_model.pbtxt is protobuf in text form; save the model in binary form"),
        ("tfhub_module.pb", "it is a TensorFlow 1 Hub module; load it in Python and export a SavedModel"),
        ("*.meta", "it is a TensorFlow 1 checkpoint; export a SavedModel, or freeze the graph"),
        ("*.index", "it is a checkpoint, weights without a graph; export a SavedModel"),
    ];

    private static readonly (string Extension, string Fact)[] OtherFiles =
    [
        (".pbtxt", "it is protobuf in text form; save the model in binary form"),
        (".meta", "it is part of a TensorFlow 1 checkpoint; export a SavedModel, or freeze the graph"),
        (".index", "it is part of a checkpoint, weights without a graph; export a SavedModel"),
        (".ckpt", "it is a checkpoint, weights without a graph; export a SavedModel"),
    ];

    /// <summary>By its name: a folder, or the file within.</summary>
    public static bool IsSavedModel(string path) => Directory.Exists(path) || Path.GetFileName(path) == SavedModelFile;

    /// <exception cref="ConversionException">The source cannot be read; nothing is read by halves.</exception>
    public static TfModel Read(string path, TfReadOptions options)
    {
        if (Directory.Exists(path))
            return ReadFolder(path, options);
        if (!File.Exists(path))
            throw new ConversionException([MissingPath.Diagnose(path)]);
        string name = Path.GetFileName(path);
        if (IsSavedModel(path))
            return SavedModelReader.Read(path, options);
        if (name == "tfhub_module.pb")
            throw new ConversionException(DiagnosticTable.UnknownFormat, path, OtherFolders[1].Fact);
        foreach ((string extension, string fact) in OtherFiles)
        {
            if (name.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
                throw new ConversionException(DiagnosticTable.UnknownFormat, path, fact);
        }

        return FrozenGraphReader.Read(path, options);
    }

    private static TfModel ReadFolder(string folder, TfReadOptions options)
    {
        string file = Path.Combine(folder, SavedModelFile);
        if (File.Exists(file))
            return SavedModelReader.Read(file, options);
        foreach ((string pattern, string fact) in OtherFolders)
        {
            if (Directory.EnumerateFiles(folder, pattern).Any())
                throw new ConversionException(DiagnosticTable.UnknownFormat, folder, fact);
        }

        string[] inner = [.. Directory.EnumerateDirectories(folder).Where(child => File.Exists(Path.Combine(child, SavedModelFile))).Order(StringComparer.Ordinal)];
        string hint = inner.Length > 0 ? $"; '{Path.GetFileName(inner[^1])}' within it does: name that folder" : "";
        throw new ConversionException(DiagnosticTable.UnknownFormat, folder, $"the folder holds no {SavedModelFile}{hint}");
    }
}
