using System.Text;
using Quantize.Build;

namespace Quantize.Converter.Keras.Files;

/// <summary>The <c>.h5</c> format: the architecture is an attribute, the weights stand by layer in a group. A file of weights only wants its architecture beside it.</summary>
internal static class Hdf5Model
{
    private const string ConfigAttribute = "model_config", VersionAttribute = "keras_version";

    public static KerasFile Read(string path)
    {
        Hdf5File file = Open(path);
        try
        {
            if (file.Text("", ConfigAttribute) is { } config)
                return new KerasFile(path, ConfigText.Parse(path, ConfigAttribute, Encoding.UTF8.GetBytes(config)), file.Text("", VersionAttribute) ?? "", file, WeightForm.Listed);
            string architecture = KerasCompanion.ArchitectureOf(path);
            return File.Exists(architecture)
                ? ArchitectureFile.Read(architecture, path, file)
                : throw new ConversionException(DiagnosticTable.KerasWeightsOnly, path, Path.GetFileName(architecture));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public static Hdf5File Open(string path) => Hdf5File.Open(path, File.OpenRead(path));
}
