namespace Quantize.Converter.Graphs;

/// <summary>What a file carries beside its graphs and a rewritten one keeps: named blobs, and an archive at its end.</summary>
internal sealed record KeptBytes
{
    public static KeptBytes None { get; } = new();

    public IReadOnlyList<(string Name, ReadOnlyMemory<byte> Bytes)> Named { get; init; } = [];

    public ReadOnlyMemory<byte> Archive { get; init; }

    /// <summary>Where the archive has 32-bit numbers that count from the file's begin; in <see cref="Archive"/> they count from its own.</summary>
    public IReadOnlyList<int> ArchiveOffsets { get; init; } = [];
}
