using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Quantize.Tests;

/// <summary>Reads the corpora's tensors: a little-endian header length, a JSON header, raw little-endian data.</summary>
internal sealed class Safetensors
{
    private readonly byte[] _file;
    private readonly int _start;
    private readonly Dictionary<string, JsonElement> _header;

    private Safetensors(byte[] file)
    {
        _file = file;
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        _start = 8 + length;
        _header = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(file.AsSpan(8, length))!;
    }

    public IEnumerable<string> Names => _header.Keys.Where(name => name != "__metadata__");

    public static Safetensors Read(string path) => new(File.ReadAllBytes(path));

    public bool Has(string name) => _header.ContainsKey(name);

    public string Type(string name) => _header[name].GetProperty("dtype").GetString()!;

    public int[] Shape(string name) => [.. _header[name].GetProperty("shape").EnumerateArray().Select(dimension => dimension.GetInt32())];

    public ReadOnlySpan<byte> Bytes(string name)
    {
        JsonElement offsets = _header[name].GetProperty("data_offsets");
        return _file.AsSpan((_start + offsets[0].GetInt32())..(_start + offsets[1].GetInt32()));
    }

    public ReadOnlySpan<T> Get<T>(string name)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Bytes(name));
}
