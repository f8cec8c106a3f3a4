using Quantize.Build;
using Quantize.Converter;

namespace Quantize.Tool.Build;

/// <summary>One model's wish, understood: how it is converted, and the class that it becomes.</summary>
internal sealed record ModelJob(ModelRequest Request, string Key, string ClassName, string Namespace, ConversionRequest Conversion)
{
    public string FullName => Namespace.Length == 0 ? ClassName : $"{Namespace}.{ClassName}";

    public string ResourceName => FullName + ".tflite";

    /// <summary>The model as the class's documentation names it: the same on every system.</summary>
    public string Source => Request.Source.Replace('\\', '/');

    /// <summary>Name of the result: of everything that it depends on.</summary>
    public string Result(string toolVersion, string content) => Digest.OfFields(
        toolVersion, content, Source, ClassName, Namespace, Conversion.Quantization.ToString()!, Conversion.Arithmetic.ToString()!, Conversion.SignatureKey ?? "", Path.GetFileName(Conversion.LabelsPath ?? ""), Conversion.CustomOperators ?? "",
        Digest.OfFields([.. Conversion.Tags]), Digest.OfFields([.. Conversion.InputArrays]), Digest.OfFields([.. Conversion.OutputArrays]), Digest.OfFields([.. Conversion.KeepFloat]),
        Digest.OfFields([.. Conversion.InputShapes]));
}
