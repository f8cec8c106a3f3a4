using System.Text.Json;
using Quantize.Tests;

namespace Quantize.Converter.Tests.Corpus;

/// <summary>One case of the corpus of TensorFlow operators: a model, inputs, and TensorFlow's results.</summary>
internal sealed record TensorFlowCase(string Name, string Family, JsonElement Entry)
{
    /// <summary>Cases of several signatures stand in the index once for each.</summary>
    public string Id => Entry.TryGetProperty("io", out JsonElement io) ? $"{Name} {io.GetString()}" : Name;

    public string Folder => Repository.Shared("data", "tf_ops", Name);

    public string Tensors => Path.Combine(Folder, Entry.TryGetProperty("io", out JsonElement io) ? io.GetString()! : "io.safetensors");

    public bool HasTag(string tag) => Entry.GetProperty("tags").EnumerateArray().Any(value => value.GetString() == tag);

    public double AbsoluteTolerance => Entry.GetProperty("tolerance").GetProperty("abs").GetDouble();

    public double RelativeTolerance => Entry.GetProperty("tolerance").GetProperty("rel").GetDouble();

    public static IReadOnlyList<TensorFlowCase> All()
    {
        string index = Path.Combine(Repository.Root, "..", "shared", "data", "tf_ops", "index.json");
        if (!File.Exists(index))
            return [];
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(index));
        return [.. document.RootElement.EnumerateArray().Select(entry => new TensorFlowCase(entry.GetProperty("case").GetString()!, entry.GetProperty("family").GetString()!, entry.Clone()))];
    }

    public ConversionRequest Request(QuantizationScheme scheme)
    {
        bool isGraph = Entry.GetProperty("format").GetString() == "graph";
        return new ConversionRequest
        {
            ModelPath = Path.Combine(Folder, isGraph ? "graph.pb" : "saved_model"),
            Quantization = scheme,
            SignatureKey = isGraph ? null : Entry.GetProperty("signature").GetString(),
            InputArrays = isGraph ? Names("inputs") : [],
            OutputArrays = isGraph ? Names("outputs") : [],
        };
    }

    private string[] Names(string list) => [.. Entry.GetProperty(list).EnumerateArray().Select(tensor => tensor.GetProperty("name").GetString()!)];
}
