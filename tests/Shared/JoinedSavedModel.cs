using System.Security.Cryptography;
using System.Text.Json;

namespace Quantize.Tests;

/// <summary>
/// A SavedModel of the corpus whose data shard is kept in pieces (<c>variables.pieces.json</c>), put together in a temporary folder; disposing removes it.
/// </summary>
internal sealed class JoinedSavedModel : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("quantize").FullName;

    public JoinedSavedModel(string source)
    {
        Folder = Path.Combine(_root, Path.GetFileName(source));
        string variables = Directory.CreateDirectory(Path.Combine(Folder, "variables")).FullName;
        File.Copy(Path.Combine(source, "saved_model.pb"), Path.Combine(Folder, "saved_model.pb"));
        File.Copy(Path.Combine(source, "variables", "variables.index"), Path.Combine(variables, "variables.index"));
        using JsonDocument pieces = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(source, "variables", "variables.pieces.json")));
        Join(pieces.RootElement, Path.Combine(source, "variables"), variables);
    }

    /// <summary>The whole SavedModel.</summary>
    public string Folder { get; }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static void Join(JsonElement description, string source, string target)
    {
        using FileStream joined = File.Create(Path.Combine(target, description.GetProperty("file").GetString()!));
        foreach (JsonElement piece in description.GetProperty("pieces").EnumerateArray())
        {
            using FileStream from = File.OpenRead(Path.Combine(source, piece.GetProperty("from").GetString()!));
            from.Position = piece.GetProperty("offset").GetInt64();
            var bytes = new byte[piece.GetProperty("length").GetInt32()];
            from.ReadExactly(bytes);
            joined.Write(bytes);
        }

        joined.Position = 0;
        string hash = Convert.ToHexStringLower(SHA256.HashData(joined));
        Assert.Equal(description.GetProperty("sha256").GetString(), hash);
    }
}
