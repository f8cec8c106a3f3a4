using System.IO.Compression;
using System.Text.Json;
using Quantize.Tests;

namespace Quantize.Runtime.Tests.Nnapi;

/// <summary>One test of the neural networks API of Android: operands, operations, and examples of what comes out for what goes in.</summary>
internal sealed record NnapiCase(string Name, bool IsRelaxed, NnapiOperand[] Operands, NnapiOperation[] Operations, NnapiExample[] Examples)
{
    private static readonly Lazy<Dictionary<string, NnapiCase>> s_all = new(Read);

    private readonly Dictionary<string, NnapiOperand> _byName = Operands.ToDictionary(operand => operand.Name);

    public static IReadOnlyDictionary<string, NnapiCase> All => s_all.Value;

    /// <summary>The type whose arithmetic the case is about: that of the first tensor that its last operation reads.</summary>
    public string Type => Operations[^1].Inputs.Select(Operand).First(operand => operand.Type.StartsWith("TENSOR", StringComparison.Ordinal)).Type["TENSOR_".Length..];

    public NnapiOperand Operand(string name) => _byName[name];

    public bool Uses(string code) => Array.Exists(Operations, operation => operation.Code == code);

    private static Dictionary<string, NnapiCase> Read()
    {
        string file = Path.Combine(Repository.Root, "..", "shared", "data", "nnapi_vts", "cases.jsonl.gz");
        if (!File.Exists(file))
            return [];
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        var cases = new Dictionary<string, NnapiCase>();
        while (reader.ReadLine() is { } line)
        {
            using JsonDocument document = JsonDocument.Parse(line);
            NnapiCase test = Parse(document.RootElement.Clone());
            cases.Add(test.Name, test);
        }

        return cases;
    }

    private static NnapiCase Parse(JsonElement entry) => new(
        $"{entry.GetProperty("spec").GetString()!.Split('/')[0]}/{entry.GetProperty("test").GetString()}",
        entry.GetProperty("relaxed").GetBoolean(),
        [.. entry.GetProperty("operands").EnumerateObject().Select(operand => new NnapiOperand(operand.Name, operand.Value))],
        [.. entry.GetProperty("ops").EnumerateArray().Select(op => new NnapiOperation(op.GetProperty("op").GetString()!, Names(op, "in"), Names(op, "out")))],
        [.. entry.GetProperty("cases").EnumerateArray().Select(example => new NnapiExample(Values(example, "in"), Values(example, "out")))]);

    private static string[] Names(JsonElement entry, string property) => [.. entry.GetProperty(property).EnumerateArray().Select(name => name.GetString()!)];

    private static Dictionary<string, JsonElement> Values(JsonElement entry, string property) =>
        entry.GetProperty(property).EnumerateObject().ToDictionary(value => value.Name, value => value.Value);
}
