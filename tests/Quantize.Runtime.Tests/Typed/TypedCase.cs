using System.Text.Json;
using Quantize.Tests;

namespace Quantize.Runtime.Tests.Typed;

/// <summary>One case of the corpus of typed models: a file, inputs, and what Google's interpreter gave.</summary>
internal sealed record TypedCase(string Path, JsonElement Entry)
{
    private static readonly Lazy<Dictionary<string, TypedCase>> s_all = new(Read);

    public static IReadOnlyDictionary<string, TypedCase> All => s_all.Value;

    public string Family => Text("family");

    public string Scheme => Text("scheme");

    public bool IsRefused => Text("expect") == "refused_by_google_kernels";

    /// <summary>Steps of one sequence of runs; state persists between them.</summary>
    public int Invokes => Entry.TryGetProperty("steps", out JsonElement steps) ? steps.GetArrayLength() : Entry.TryGetProperty("invokes", out JsonElement count) ? count.GetInt32() : 1;

    public bool IsSequence => Entry.TryGetProperty("steps", out _) || Entry.TryGetProperty("invokes", out _);

    /// <summary>The largest difference between Google's two kernel sets: steps of integers, or the values themselves of floats.</summary>
    public double Gap => Entry.TryGetProperty("max_abs_difference", out JsonElement gap) ? gap.GetDouble() : 0;

    /// <summary>The recorded result that is right: Google's optimized one unless the index says otherwise.</summary>
    public string Oracle => Entry.TryGetProperty("oracle", out JsonElement oracle) ? oracle.GetString()! : "out";

    public string ModelPath => System.IO.Path.Combine(Folder, Path, "model.tflite");

    public string TensorsPath => System.IO.Path.Combine(Folder, Path, "io.safetensors");

    private static string Folder => System.IO.Path.Combine(Repository.Root, "..", "shared", "data", "tflite_typed");

    /// <summary>The signature of a step; null where the file has none.</summary>
    public string? Signature(int step) =>
        Entry.TryGetProperty("steps", out JsonElement steps) ? steps[step].GetString() : Entry.TryGetProperty("signature", out JsonElement key) ? key.GetString() : null;

    private string Text(string property) => Entry.GetProperty(property).GetString()!;

    private static Dictionary<string, TypedCase> Read()
    {
        string index = System.IO.Path.Combine(Folder, "index.json");
        if (!File.Exists(index))
            return [];
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(index));
        return document.RootElement.GetProperty("cases").EnumerateArray()
            .Select(entry => new TypedCase(entry.GetProperty("path").GetString()!, entry.Clone())).ToDictionary(test => test.Path);
    }
}
