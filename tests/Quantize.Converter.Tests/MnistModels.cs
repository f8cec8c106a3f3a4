using System.Text.Json;
using Quantize.Runtime.Format;
using Quantize.Tests;

namespace Quantize.Converter.Tests;

/// <summary>The trained MNIST network in the forms of the corpus.</summary>
internal static class MnistModels
{
    public static string Tf1 => Path("saved_model_tf1");

    public static string Frozen => Path("frozen.pb");

    public static string Path(string name) => Repository.Shared("data", "mnist_model", name);

    public static ConversionRequest Request(string path, QuantizationScheme scheme = QuantizationScheme.DynamicRange) => new() { ModelPath = path, Quantization = scheme };

    public static TfLiteModel Google(string name) => TfLiteModel.Read(ModelBytes.Map(Path(name)));

    public static TfLiteModel Read(ConversionResult result) => TfLiteModel.Read(ModelBytes.Of(result.Model));

    /// <summary>A Keras export whose data shard the corpus keeps in pieces, put together in a temporary folder.</summary>
    public static string Joined(string name)
    {
        string source = Path(name);
        string target = System.IO.Path.Combine(Directory.CreateTempSubdirectory("quantize").FullName, name);
        string variables = Directory.CreateDirectory(System.IO.Path.Combine(target, "variables")).FullName;
        File.Copy(System.IO.Path.Combine(source, "saved_model.pb"), System.IO.Path.Combine(target, "saved_model.pb"));
        File.Copy(System.IO.Path.Combine(source, "variables", "variables.index"), System.IO.Path.Combine(variables, "variables.index"));
        string pieces = System.IO.Path.Combine(source, "variables", "variables.pieces.json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(pieces));
        using FileStream joined = File.Create(System.IO.Path.Combine(variables, "variables.data-00000-of-00001"));
        foreach (JsonElement piece in document.RootElement.GetProperty("pieces").EnumerateArray())
        {
            using FileStream from = File.OpenRead(System.IO.Path.Combine(source, "variables", piece.GetProperty("from").GetString()!));
            from.Position = piece.GetProperty("offset").GetInt64();
            var bytes = new byte[piece.GetProperty("length").GetInt32()];
            from.ReadExactly(bytes);
            joined.Write(bytes);
        }

        return target;
    }
}
