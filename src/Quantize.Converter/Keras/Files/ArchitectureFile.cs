using System.Text.Json;
using Quantize.Build;

namespace Quantize.Converter.Keras.Files;

/// <summary>An architecture in JSON (<c>model.to_json()</c>) and a file of weights of the same name beside it.</summary>
internal static class ArchitectureFile
{
    public static KerasFile Read(string path)
    {
        string weights = KerasCompanion.WeightsOf(path).FirstOrDefault(File.Exists)
            ?? throw new ConversionException(DiagnosticTable.KerasWeightsMissing, path, Path.GetFileName(KerasCompanion.WeightsOf(path).First()));
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
        bool isStated = architecture.ValueKind == JsonValueKind.Object && architecture.TryGetProperty("keras_version", out _);
        string version = isStated ? architecture.GetProperty("keras_version").ToString() : is3 ? "3" : "2";
        return new KerasFile(model, architecture, version, weights, form);
    }
}
