using System.Runtime.Serialization;
using System.Runtime.Serialization.Json;
using System.Text;
using Quantize.Build;

namespace Quantize.Tasks;

/// <summary>Reads what the tool prints.</summary>
internal static class LineReader
{
    private static readonly DataContractJsonSerializer Serializer = new(typeof(BuildLine));

    /// <summary>Null where the line is no object of ours.</summary>
    public static BuildLine? Read(string line)
    {
        if (!line.StartsWith("{", StringComparison.Ordinal))
            return null;
        try
        {
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(line));
            return (BuildLine?)Serializer.ReadObject(stream);
        }
        catch (SerializationException)
        {
            return null;
        }
    }
}
