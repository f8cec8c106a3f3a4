using System.Runtime.Serialization.Json;
using Quantize.Build;

namespace Quantize.Tasks;

/// <summary>Writes a request for the tool: in UTF-8, whole or not at all.</summary>
internal static class RequestWriter
{
    public static void Write(BuildRequest request, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        string unfinished = $"{path}.{Guid.NewGuid():N}";
        using (FileStream stream = File.Create(unfinished))
            new DataContractJsonSerializer(typeof(BuildRequest)).WriteObject(stream, request);
        File.Delete(path);
        File.Move(unfinished, path);
    }
}
