using Quantize.Build;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.TfLite;

/// <summary>The custom operators of a file that the runtime does not bring along: the application has to.</summary>
internal static class CustomCodes
{
    private const string Flex = "Flex";

    /// <summary>Their names, in order.</summary>
    public static string[] Of(TfLiteModel model) =>
    [
        .. model.Subgraphs.SelectMany(subgraph => subgraph.Operators)
            .Where(op => op.Code == BuiltinOperator.Custom && CustomOperators.BuiltIn.All(known => known.Name != op.CustomCode))
            .Select(op => op.CustomCode).Distinct().Order(StringComparer.Ordinal),
    ];

    /// <exception cref="ConversionException">There are some, and nothing is said of where they are.</exception>
    public static void Check(string[] codes, ConversionRequest request)
    {
        if (codes.Length == 0 || request.CustomOperators is not null)
            return;
        string flex = codes.Any(code => code.StartsWith(Flex, StringComparison.Ordinal))
            ? $" (those that begin with {Flex} are TensorFlow's: the SavedModel that the file was made of converts without them)"
            : "";
        throw new ConversionException(DiagnosticTable.CustomOperatorsMissing, request.ModelPath, string.Join(", ", codes.Select(code => $"'{code}'")), flex);
    }
}
