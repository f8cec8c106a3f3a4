using System.Text.Json;
using Quantize.Build;
using Quantize.Converter;
using Quantize.Tool.Build;

namespace Quantize.Tasks.Tests;

/// <summary>A folder of models and a store; builds run in this process with a converter that copies the model's first file and counts its calls.</summary>
internal sealed class BuildFixture : IDisposable
{
    private static readonly SignatureTensor Image = new("image", "image:0", "Float32", new(["batch", "28", "28"]), 0, 0);

    private readonly string _root = Directory.CreateTempSubdirectory("quantize-tasks-").FullName;
    private int _conversions;

    public int Conversions => _conversions;

    public string Store => Path.Combine(_root, "obj", "quantize");

    /// <summary>What the converter does before it answers.</summary>
    public Action<ConversionRequest> OnConvert { get; set; } = _ => { };

    public List<ConversionRequest> Requests { get; } = [];

    public string PathOf(string model) => Path.Combine(_root, model);

    /// <summary>Writes a SavedModel of that content; gives the wish for it.</summary>
    public ModelRequest Model(string name, string content = "weights")
    {
        string folder = PathOf(name);
        Directory.CreateDirectory(Path.Combine(folder, "variables"));
        File.WriteAllText(Path.Combine(folder, "saved_model.pb"), content);
        File.WriteAllText(Path.Combine(folder, "variables", "variables.index"), "index");
        return new ModelRequest { Source = name, Path = folder, RootNamespace = "App" };
    }

    public BuildRequest Request(params ModelRequest[] models) => new() { Store = Store, User = "Debug", ToolVersion = "1", Models = models };

    public IReadOnlyList<BuildLine> Build(params ModelRequest[] models) => Build(Request(models));

    public IReadOnlyList<BuildLine> Build(BuildRequest request)
    {
        using var output = new MemoryStream();
        new ProjectBuild(request, Convert, new BuildLog(output)).Run();
        return [.. System.Text.Encoding.ASCII.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize(line, BuildJson.Default.BuildLine)!)];
    }

    public IReadOnlyList<string> Results() => Directory.Exists(Store)
        ? [.. Directory.EnumerateFiles(Store, "*.*", SearchOption.AllDirectories).Where(path => Path.GetExtension(path) is ".tflite" or ".signature").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)]
        : [];

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private ConversionResult Convert(ConversionRequest request)
    {
        Interlocked.Increment(ref _conversions);
        lock (Requests)
            Requests.Add(request);
        OnConvert(request);
        var signature = new ModelSignature { Methods = new([new SignatureMethod("serving_default", new([Image]), new([Image]))]) };
        byte[] model = request.SignatureOnly ? [] : File.ReadAllBytes(Path.Combine(request.ModelPath, "saved_model.pb"));
        return new ConversionResult { Model = model, Signature = signature };
    }
}
