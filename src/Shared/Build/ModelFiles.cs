using System.Globalization;

namespace Quantize.Build;

/// <summary>The files that a model consists of: a SavedModel's own, its <c>variables</c> and its <c>assets</c>; or the one file that it is, and for Keras what may lie beside it. The labels that were given with it are one more. Empty where there is none.</summary>
internal sealed class ModelFiles
{
    private static readonly string[] SavedModelNames = ["saved_model.pb", "saved_model.pbtxt"];
    private static readonly string[] SavedModelFolders = ["variables", "assets"];

    private ModelFiles(IEnumerable<string> paths) => Paths = paths.OrderBy(path => path, StringComparer.Ordinal).ToArray();

    public IReadOnlyList<string> Paths { get; }

    public static ModelFiles Of(ModelRequest request) => new(OfModel(request.Path).Concat(File.Exists(request.Labels) ? [request.Labels] : []));

    /// <summary>Differs when a file came, went, or has another size or time.</summary>
    public string State() => Digest.OfFields([.. Paths.Select(path => new FileInfo(path)).SelectMany(file => new[]
    {
        file.FullName,
        file.Exists ? file.Length.ToString(CultureInfo.InvariantCulture) : "",
        file.LastWriteTimeUtc.Ticks.ToString(CultureInfo.InvariantCulture),
    })]);

    /// <summary>Differs when a file came, went, or holds something else; the model's place and the files' times do not matter.</summary>
    public string Content() => Digest.OfFields([.. Paths.SelectMany(path => new[] { Path.GetFileName(path), Digest.OfFile(path) })]);

    private static IEnumerable<string> OfModel(string path)
    {
        if (Directory.Exists(path))
            return InSavedModel(path);
        if (!File.Exists(path))
            return [];
        return SavedModelNames.Contains(Path.GetFileName(path)) ? InSavedModel(Path.GetDirectoryName(path)!) : [path, .. Companions(path)];
    }

    private static IEnumerable<string> Companions(string path)
    {
        IEnumerable<string> names = KerasCompanion.IsArchitecture(path) ? KerasCompanion.WeightsOf(path) : KerasCompanion.IsWeights(path) ? [KerasCompanion.ArchitectureOf(path)] : [];
        return names.Where(File.Exists);
    }

    private static IEnumerable<string> InSavedModel(string folder) =>
        SavedModelFolders.Select(name => Path.Combine(folder, name)).Where(Directory.Exists).Prepend(folder).SelectMany(Directory.EnumerateFiles);
}
