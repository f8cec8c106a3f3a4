using Quantize.Runtime.Format;
using Quantize.Tests;

namespace Quantize.Converter.Tests;

/// <summary>The trained MNIST network in the forms of the corpus.</summary>
internal static class MnistModels
{
    public static string Tf1 => Path("saved_model_tf1");

    public static string Frozen => Path("frozen.pb");

    public static string Path(string name) => Repository.Shared("data", "mnist_model", name);

    public static ConversionRequest Request(string path, QuantizationScheme scheme = QuantizationScheme.DynamicRange) => new() { ModelPath = path, Quantization = scheme };

    public static TfLiteModel Google(string name) => TfLiteModel.Read(ModelBytes.Map(Path(name)));

    public static TfLiteModel Read(ConversionResult result) => TfLiteModel.Read(ModelBytes.Of(result.Model));
}
