using System.Globalization;
using Quantize.Build;

namespace Quantize.Converter.Labels;

/// <summary>The labels that were given with a model: they belong to each output that has as many values, and replace those that the model brings along.</summary>
internal static class GivenLabels
{
    private static readonly string[] s_indexTypes = ["Int32", "Int64"];

    /// <exception cref="ConversionException">There is no such file, or no output that it fits.</exception>
    public static ModelSignature Apply(ModelSignature signature, ConversionRequest request)
    {
        if (request.LabelsPath is not { } path)
            return signature;
        EquatableArray<string> labels = new(Read(path, request.ModelPath));
        SignatureTensor[] outputs = [.. signature.Methods.SelectMany(method => method.Outputs)];
        string dimension = labels.Count.ToString(CultureInfo.InvariantCulture);
        Func<SignatureTensor, bool> fits = output => output.Shape.Count > 0 && output.Shape[^1] == dimension;
        if (outputs.Any(fits))
            return With(signature, fits, output => output with { Labels = labels, LabelKind = SignatureTensor.LabelsOfAxis });
        if (Array.TrueForAll(outputs, output => s_indexTypes.Contains(output.Type)))
            return With(signature, _ => true, output => output with { Labels = labels, LabelKind = SignatureTensor.LabelsOfValues });
        string found = string.Join(", ", outputs.Select(output => $"'{output.Key}' {output.Type.ToLowerInvariant()} [{string.Join(", ", output.Shape)}]").Distinct());
        throw new ConversionException(DiagnosticTable.LabelsDoNotFit, request.ModelPath, dimension, found);
    }

    private static string[] Read(string path, string model)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            if (file.Length > LabelText.MostBytes)
                throw new InvalidDataException($"it has {file.Length} bytes");
            byte[] bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return LabelText.Parse(bytes);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ConversionException(DiagnosticTable.LabelsUnreadable, model, path, "there is no such file");
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new ConversionException(DiagnosticTable.LabelsUnreadable, model, path, exception.Message);
        }
    }

    private static ModelSignature With(ModelSignature signature, Func<SignatureTensor, bool> fits, Func<SignatureTensor, SignatureTensor> change) => signature with
    {
        Methods = new(signature.Methods.Select(method => method with { Outputs = new(method.Outputs.Select(output => fits(output) ? change(output) : output)) })),
    };
}
