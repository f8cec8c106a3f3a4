using System.Text.Json;
using Quantize.Build;

namespace Quantize.Converter.Keras.Files;

/// <summary>An architecture in JSON (<c>model.to_json()</c>) and a file of weights of the same name beside it.</summary>
internal static class ArchitectureFile
{
    private static readonly string[] s_weightEndings = [".weights.h5", ".h5", "_weights.h5", ".hdf5"];

    public static KerasFile Read(string path)
    {
        string stem = path[..^Path.GetExtension(path).Length];
        string weights = s_weightEndings.Select(ending => stem + ending).FirstOrDefault(File.Exists)
            ?? throw new ConversionException(DiagnosticTable.KerasWeightsMissing, path, Path.GetFileName(stem) + s_weightEndings[0]);
        Hdf5File file = Hdf5Model.Open(weights);
        try
        {
            return Read(path, path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The architecture with weights that are open already; messages name <paramref name="model"/>.</summary>
    public static KerasFile Read(string path, string model, Hdf5File weights)
    {
        JsonElement architecture = ConfigText.Parse(path, Path.GetFileName(path), File.ReadAllBytes(path));
        WeightForm form = weights.TextList("", "layer_names").Count > 0 ? WeightForm.Listed : WeightForm.Tree;
        bool is3 = form == WeightForm.Tree || (architecture.ValueKind == JsonValueKind.Object && architecture.TryGetProperty("module", out _));
        string version = architecture.ValueKind == JsonValueKind.Object && architecture.TryGetProperty("keras_version", out JsonElement stated) ? stated.ToString() : is3 ? "3" : "2";
        return new KerasFile(model, architecture, version, weights, form);
    }

    /// <summary>The architecture that belongs to a file of weights; null where there is none.</summary>
    public static string? Beside(string weights)
    {
        string path = Path.Combine(Path.GetDirectoryName(weights) ?? "", NameBeside(weights));
        return File.Exists(path) ? path : null;
    }

    public static string NameBeside(string weights)
    {
        string name = Path.GetFileName(weights);
        string? ending = Array.Find(s_weightEndings, ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
        return (ending is null ? Path.GetFileNameWithoutExtension(name) : name[..^ending.Length]) + ".json";
    }
}
