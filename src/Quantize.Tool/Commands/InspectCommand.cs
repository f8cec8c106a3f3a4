using System.CommandLine;
using Quantize.Converter.TfLite;
using Quantize.Tool.Inspection;

namespace Quantize.Tool.Commands;

/// <summary>The verb <c>inspect</c>: what is in a model.</summary>
internal static class InspectCommand
{
    private const string Details =
        """
        Of a .tflite file: its signatures, operators and tensors with types, shapes, sizes and quantization, and what each kind of operator takes.
        Of a SavedModel or a frozen graph: its signatures, and how many nodes of each operation the conversion would see.

        Example:
          dotnet quantize inspect mnist.tflite
        """;

    private static readonly Argument<string> s_model = new("MODEL") { Description = "A .tflite file, a SavedModel folder or a frozen graph (.pb)" };

    public static Command Create()
    {
        var command = new Command("inspect", "Shows what is in a model: signatures, operators, tensors, sizes.") { DetailedHelp.Option(Details), s_model };
        CommandAction.Set(command, Run);
        return command;
    }

    private static void Run(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(s_model);
        var screen = new Screen(parsed.InvocationConfiguration.Output);
        if (TfLiteSource.IsTfLite(path))
            TfLiteInspection.Print(path, screen);
        else
            TensorFlowInspection.Print(path, screen);
    }
}
