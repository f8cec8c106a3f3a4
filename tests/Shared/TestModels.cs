namespace Quantize.Tests;

/// <summary>Small models that travel with the repository, converted by Google.</summary>
internal static class TestModels
{
    /// <summary>A LeNet over 16 x 16 pictures with an open batch.</summary>
    public static string LeNetFloat { get; } = Of("lenet_float.tflite");

    /// <summary>The same with 8-bit weights.</summary>
    public static string LeNetDynamic { get; } = Of("lenet_dynamic.tflite");

    /// <summary>x [3, 5] - y [1, 5]; the signature lists x first, the graph y.</summary>
    public static string SubtractInt32 { get; } = Of("subtract_int32.tflite");

    /// <summary>Two signatures, <c>encode</c> and <c>decode</c>, over two subgraphs.</summary>
    public static string EncodeDecode { get; } = Of("encode_decode.tflite");

    private static string Of(string name) => Path.Combine(Repository.Root, "tests", "Shared", "Models", name);
}
