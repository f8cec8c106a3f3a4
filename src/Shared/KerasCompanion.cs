using System;
using System.Collections.Generic;
using System.Linq;

namespace Quantize.Build;

/// <summary>Names of files of a Keras model that is kept in two: an architecture in JSON, and weights of the same name beside it.</summary>
internal static class KerasCompanion
{
    public const string ArchitectureExtension = ".json";

    private static readonly string[] WeightExtensions = [".weights.h5", ".h5", "_weights.h5", ".hdf5"];

    /// <summary>Where the weights of an architecture may be, in the order in which they are looked for.</summary>
    public static IEnumerable<string> WeightsOf(string architecture) => WeightExtensions.Select(extension => Stem(architecture, ArchitectureExtension) + extension);

    /// <summary>Where the architecture of a file of weights is.</summary>
    public static string ArchitectureOf(string weights) =>
        Stem(weights, WeightExtensions.FirstOrDefault(extension => HasExtension(weights, extension)) ?? "") + ArchitectureExtension;

    public static bool IsArchitecture(string path) => HasExtension(path, ArchitectureExtension);

    public static bool IsWeights(string path) => WeightExtensions.Any(extension => HasExtension(path, extension));

    private static bool HasExtension(string path, string extension) => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase);

    private static string Stem(string path, string extension) => path.Substring(0, path.Length - extension.Length);
}
