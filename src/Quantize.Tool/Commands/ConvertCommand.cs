using System.CommandLine;
using Quantize.Build;
using Quantize.Converter;

namespace Quantize.Tool.Commands;

/// <summary>The verb <c>convert</c>: a model in, a .tflite file out.</summary>
internal static class ConvertCommand
{
    private const string Details =
        """
        MODEL is a SavedModel folder (or its saved_model.pb); a Keras file (.keras, .h5, or .json with its weights beside it); a frozen graph (.pb), whose inputs
        and outputs can be named; or a .tflite file, which stays as it is but for what --quantization and --arithmetic ask for.

        Examples:
          dotnet quantize convert export/mnist -o mnist.tflite
          dotnet quantize convert mnist.keras -o mnist.tflite
          dotnet quantize convert frozen.pb -o mnist.tflite --inputs image --outputs classes,probabilities --quantization None
          dotnet quantize convert float.tflite -o small.tflite --quantization DynamicRange
        """;

    public static Command Create()
    {
        var options = new ConversionOptions();
        var signature = new SignatureOptions();
        var output = new Option<string>("--output", "-o") { HelpName = "OUT.tflite", Required = true, Description = "The file to write" };
        var command = new Command("convert", "Converts a TensorFlow model into a .tflite file with 8-bit weights, unless told otherwise.") { DetailedHelp.Option(Details), output };
        options.AddTo(command);
        signature.AddTo(command);
        CommandAction.Set(command, parsed => Run(parsed, parsed.GetRequiredValue(output), options.Request(parsed) with { LabelsPath = signature.Labels(parsed) }, signature));
        return command;
    }

    private static void Run(ParseResult parsed, string output, ConversionRequest request, SignatureOptions signature)
    {
        WholeFile.CheckPlace(output);
        if (signature.File(parsed) is { } signatureFile)
            WholeFile.CheckPlace(signatureFile);

        TextWriter error = parsed.InvocationConfiguration.Error;
        ConversionResult result = Convert(request, new Screen(error));
        CommandAction.Print(error, result.Warnings);
        WholeFile.Write(output, stream => stream.Write(result.Model.Span));
        signature.Write(parsed, result.Signature, request.ModelPath);
        ConversionSummary.Print(output, result, new Screen(parsed.InvocationConfiguration.Output));
    }

    private static ConversionResult Convert(ConversionRequest request, Screen screen)
    {
        try
        {
            return screen.WithProgress(report => ModelConverter.Convert(request, new Progress(report)));
        }
        catch (Exception e) when (e is not ConversionException)
        {
            // Whatever a model may do to the converter, the command ends with an id and the model's name.
            throw new DiagnosticException(DiagnosticTable.ConversionFailed, request.ModelPath, $"{e.GetType().Name}: {e.Message}");
        }
    }

    /// <summary>Passes each stage on at once, on the thread that converts.</summary>
    private sealed class Progress(Action<string, double> report) : IProgress<ConversionProgress>
    {
        public void Report(ConversionProgress value) => report(value.Stage, value.Fraction);
    }
}
