using System.Text.Json;
using Quantize.Tests;

namespace Quantize.Converter.Tests.Keras;

/// <summary>One file of the corpus of Keras models, inputs, and what Keras computes.</summary>
internal sealed record KerasCase(string Name, string Format, string Expectation, JsonElement Entry)
{
    public string Folder => Repository.Shared("data", "keras_files", Name);

    public string ModelPath => Path.Combine(Folder, Entry.GetProperty("file").GetString()!);

    public string Tensors => Path.Combine(Folder, "io.safetensors");

    public IReadOnlyList<string> Layers => [.. Entry.GetProperty("layers").EnumerateArray().Select(layer => layer.GetString()!).Distinct().Order(StringComparer.Ordinal)];

    public IReadOnlyList<string> InputNames => Names("inputs");

    public IReadOnlyList<string> OutputNames => Names("outputs");

    public int Calls => Entry.TryGetProperty("calls", out JsonElement calls) ? calls.GetInt32() : 1;

    /// <summary>Halves are rounded where Keras computes in them, and are not here.</summary>
    public double Tolerance => Name.Contains("16", StringComparison.Ordinal) && Name.StartsWith("policy_", StringComparison.Ordinal) ? 1e-2 : 1e-4;

    public static IReadOnlyList<KerasCase> All()
    {
        string index = Path.Combine(Repository.Root, "..", "shared", "data", "keras_files", "index.json");
        if (!File.Exists(index))
            return [];
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(index));
        return [.. document.RootElement.GetProperty("cases").EnumerateArray().Select(Of)];
    }

    private static KerasCase Of(JsonElement entry) =>
        new(entry.GetProperty("case").GetString()!, entry.GetProperty("format").GetString()!, entry.GetProperty("expect").GetString()!, entry.Clone());

    private string[] Names(string list) => [.. Entry.GetProperty(list).EnumerateArray().Select(tensor => tensor.GetProperty("name").GetString()!)];
}
