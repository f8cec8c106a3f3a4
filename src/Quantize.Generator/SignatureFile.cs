using System;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Quantize.Build;

namespace Quantize.Generator;

/// <summary>One signature text of the project: read, or the reason why not.</summary>
internal sealed record SignatureFile(string Path, ModelSignature? Signature, string Wrong)
{
    private const string Extension = ".signature";
    private const string Marker = "build_metadata.AdditionalFiles.QuantizeModel";

    /// <summary>The class with its namespace; empty where the text is not read.</summary>
    public string FullClassName => Signature is null ? ""
        : Signature.Namespace.Length == 0 ? Signature.ClassName
        : $"{Signature.Namespace}.{Signature.ClassName}";

    public static bool IsMarked(AdditionalText text, AnalyzerConfigOptionsProvider options) =>
        text.Path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase)
        && options.GetOptions(text).TryGetValue(Marker, out string? marked)
        && string.Equals(marked, "true", StringComparison.OrdinalIgnoreCase);

    public static SignatureFile Read(AdditionalText text, CancellationToken cancellation)
    {
        string content = text.GetText(cancellation)?.ToString() ?? "";
        try
        {
            ModelSignature signature = ModelSignature.Parse(content);
            return new SignatureFile(text.Path, signature, Fault(signature));
        }
        catch (FormatException exception)
        {
            return new SignatureFile(text.Path, null, exception.Message);
        }
    }

    /// <summary>What no class can be made of.</summary>
    private static string Fault(ModelSignature signature)
    {
        if (signature.Methods.Count == 0)
            return "it has no signature";
        foreach (SignatureMethod method in signature.Methods)
        {
            if (method.Outputs.Count == 0)
                return $"the signature '{method.Key}' has no output";
            foreach (SignatureTensor tensor in (SignatureTensor[])[.. method.Inputs, .. method.Outputs])
            {
                if (TensorModel.Length(tensor.Shape) > int.MaxValue)
                    return $"tensor '{tensor.Key}' of the signature '{method.Key}' has more elements than an array can have";
            }
        }

        return "";
    }
}
