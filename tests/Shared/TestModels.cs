namespace Quantize.Tests;

/// <summary>Small models that travel with the repository: a LeNet over 16 x 16 pictures with an open batch, in float and with 8-bit weights, both converted by Google.</summary>
internal static class TestModels
{
    public static string LeNetFloat { get; } = Of("lenet_float.tflite");

    public static string LeNetDynamic { get; } = Of("lenet_dynamic.tflite");

    private static string Of(string name) => Path.Combine(Repository.Root, "tests", "Shared", "Models", name);
}
