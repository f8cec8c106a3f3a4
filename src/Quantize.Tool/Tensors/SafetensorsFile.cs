using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace Quantize.Tool.Tensors;

/// <summary>
/// The safetensors format: 8 bytes with the header's length, a header in JSON (<c>dtype</c>, <c>shape</c> and <c>data_offsets</c> of each tensor), raw little-endian
/// data. Tensors keep their order.
/// </summary>
internal static class SafetensorsFile
{
    private const int LengthBytes = 8;
    private const int LongestHeader = 100_000_000;
    private const string Metadata = "__metadata__";

    public static IReadOnlyList<NamedTensor> Read(string path)
    {
        ReadOnlyMemory<byte> file = File.ReadAllBytes(path);
        if (file.Length < LengthBytes)
            throw new TensorFileException($"the file has {file.Length} bytes, which is too short for a safetensors file");
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(file.Span);
        if (headerLength > LongestHeader || headerLength > (ulong)(file.Length - LengthBytes))
            throw new TensorFileException($"the header is said to have {headerLength} bytes, the file has {file.Length}: it is truncated, or no safetensors file");
        ReadOnlyMemory<byte> data = file[(LengthBytes + (int)headerLength)..];
        try
        {
            using JsonDocument header = JsonDocument.Parse(file.Slice(LengthBytes, (int)headerLength));
            return ReadTensors(header.RootElement, data);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new TensorFileException($"the header is damaged: {e.Message}", e);
        }
    }

    public static void Write(Stream stream, IReadOnlyList<NamedTensor> tensors)
    {
        ReadOnlySpan<byte> header = Header(tensors);
        Span<byte> length = stackalloc byte[LengthBytes];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (NamedTensor tensor in tensors)
            stream.Write(tensor.Data.Span);
    }

    private static NamedTensor[] ReadTensors(JsonElement header, ReadOnlyMemory<byte> data) =>
        [.. header.EnumerateObject().Where(entry => entry.Name != Metadata).Select(entry => ReadTensor(entry.Name, entry.Value, data))];

    private static NamedTensor ReadTensor(string name, JsonElement entry, ReadOnlyMemory<byte> data)
    {
        ElementType type = ElementType.OfSafetensors(entry.GetProperty("dtype").GetString() ?? "", name);
        int[] shape = [.. entry.GetProperty("shape").EnumerateArray().Select(length => length.GetInt32())];
        JsonElement offsets = entry.GetProperty("data_offsets");
        if (offsets.GetArrayLength() != 2)
            throw new TensorFileException($"tensor '{name}' has {offsets.GetArrayLength()} data_offsets, not a begin and an end");
        long begin = offsets[0].GetInt64(), end = offsets[1].GetInt64();
        if (begin < 0 || end < begin || end > data.Length)
            throw new TensorFileException($"tensor '{name}' lies at bytes {begin} to {end} of {data.Length}: the file is truncated or damaged");
        int bytes = type.ByteCount(shape, name);
        if (end - begin != bytes)
            throw new TensorFileException($"tensor '{name}' of shape [{string.Join(',', shape)}] needs {bytes} bytes but has {end - begin}");
        return new NamedTensor(name, type.Type, shape, data.Slice((int)begin, bytes));
    }

    /// <summary>Padded with spaces, so that the data begins at a multiple of 8.</summary>
    private static ReadOnlySpan<byte> Header(IReadOnlyList<NamedTensor> tensors)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            long offset = 0;
            foreach (NamedTensor tensor in tensors)
            {
                WriteEntry(json, tensor, offset);
                offset += tensor.Data.Length;
            }

            json.WriteEndObject();
        }

        int padding = -buffer.WrittenCount & (LengthBytes - 1);
        buffer.GetSpan(padding)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        return buffer.WrittenSpan;
    }

    private static void WriteEntry(Utf8JsonWriter json, NamedTensor tensor, long offset)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", ElementType.Of(tensor).Safetensors);
        json.WriteStartArray("shape");
        foreach (int length in tensor.Shape)
            json.WriteNumberValue(length);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset);
        json.WriteNumberValue(offset + tensor.Data.Length);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
