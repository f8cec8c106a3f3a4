using System.IO.Compression;
using System.Text;
using PureHDF;

namespace Quantize.Tests;

/// <summary>Writes a .keras file: an archive of the configuration, the version of Keras that wrote it, and a tree of weights.</summary>
internal static class KerasZip
{
    /// <summary>Weights by their place in the tree (<c>layers/dense/vars/0</c>), each with its shape and elements.</summary>
    public static void Write(string path, string version, string config, IEnumerable<(string Place, int[] Shape, Array Elements)> weights)
    {
        using ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Create);
        Add(archive, "metadata.json", Encoding.UTF8.GetBytes($$"""{"keras_version": "{{version}}"}"""));
        Add(archive, "config.json", Encoding.UTF8.GetBytes(config));
        Add(archive, "model.weights.h5", Tree(weights));
    }

    private static byte[] Tree(IEnumerable<(string Place, int[] Shape, Array Elements)> weights)
    {
        var root = new H5File();
        foreach ((string place, int[] shape, Array elements) in weights)
        {
            string[] names = place.Split('/');
            IDictionary<string, object> group = root;
            foreach (string name in names[..^1])
            {
                if (!group.ContainsKey(name))
                    group[name] = new H5Group();
                group = (H5Group)group[name];
            }

            group[names[^1]] = new H5Dataset(elements, fileDims: [.. shape.Select(length => (ulong)length)]);
        }

        using var file = new MemoryStream();
        root.Write(file);
        return file.ToArray();
    }

    private static void Add(ZipArchive archive, string name, byte[] bytes)
    {
        using Stream stream = archive.CreateEntry(name).Open();
        stream.Write(bytes);
    }
}
