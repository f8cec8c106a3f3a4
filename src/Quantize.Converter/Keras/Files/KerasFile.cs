using System.Text.Json;

namespace Quantize.Converter.Keras.Files;

/// <summary>How a file holds the weights of a model.</summary>
internal enum WeightForm
{
    /// <summary>A list for each layer, in the order of the layer's own weights: <c>.h5</c>.</summary>
    Listed,

    /// <summary>A tree of objects, each with numbered tensors: <c>.weights.h5</c>, also within <c>.keras</c>.</summary>
    Tree,
}

/// <summary>What was on disk: the architecture, the version of Keras that wrote it, and the file with the weights.</summary>
internal sealed record KerasFile(string Path, JsonElement Architecture, string Version, Hdf5File Weights, WeightForm Form) : IDisposable
{
    /// <summary>Keras 3 writes and computes some things in another way than Keras 2.</summary>
    public bool IsKeras3 => Version.StartsWith('3');

    /// <summary>Major and minor number; what no version is, is the first one.</summary>
    public Version Writer => System.Version.TryParse(string.Join('.', Version.Split('.').Append("0").Take(2)), out Version? version) ? version : new Version(0, 0);

    public void Dispose() => Weights.Dispose();
}
