using Google.Protobuf;
using Quantize.Build;
using Quantize.Converter.TensorFlow;
using Quantize.Converter.TensorFlow.Protos;

namespace Quantize.Converter.Tests.TensorFlow;

/// <summary>A folder for one test's model; disposing removes it.</summary>
internal sealed class TemporaryModel : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("quantize").FullName;

    public string SavedModelFile => Path.Combine(Folder, "saved_model.pb");

    /// <summary>Where <see cref="BundleWriter"/> puts the variables of a SavedModel.</summary>
    public string VariablesPrefix => Path.Combine(Directory.CreateDirectory(Path.Combine(Folder, "variables")).FullName, "variables");

    public static TemporaryModel CopyOf(string source)
    {
        var copy = new TemporaryModel();
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(copy.Folder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, File.ReadAllBytes(file));
        }

        return copy;
    }

    public string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public string Write(GraphDef graph) => Write("graph.pb", graph.ToByteArray());

    public TfModel Read(GraphDef graph, params string[] outputs) =>
        TensorFlowReader.Read(Write(graph), new TfReadOptions { OutputArrays = outputs });

    public TfModel Read(SavedModel model, TfReadOptions? options = null)
    {
        Write("saved_model.pb", model.ToByteArray());
        return TensorFlowReader.Read(Folder, options ?? new TfReadOptions());
    }

    /// <summary>The only diagnostic of a read that must fail.</summary>
    public static ModelDiagnostic Refusal(Func<TfModel> read) => Assert.Single(Assert.Throws<ConversionException>(() => read()).Diagnostics);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
