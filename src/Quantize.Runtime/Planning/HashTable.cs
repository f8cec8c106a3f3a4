using System.Diagnostics.CodeAnalysis;

namespace Quantize.Runtime.Planning;

/// <summary>A table of a model: the bytes of a key (a string, or a number's eight bytes) to the bytes of a value.</summary>
internal sealed class HashTable
{
    private readonly Dictionary<byte[], byte[]> _rows = new(new ByteComparer());

    public int Count => _rows.Count;

    public void Set(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => _rows[key.ToArray()] = value.ToArray();

    public bool TryFind(ReadOnlySpan<byte> key, [NotNullWhen(true)] out byte[]? value) => _rows.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out value);

    public void Clear() => _rows.Clear();

    private sealed class ByteComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
