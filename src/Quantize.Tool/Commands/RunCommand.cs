using System.CommandLine;
using Quantize.Build;
using Quantize.Converter;
using Quantize.Converter.TfLite;
using Quantize.Runtime;
using Quantize.Runtime.Kernels;
using Quantize.Tool.Running;
using Quantize.Tool.Tensors;

namespace Quantize.Tool.Commands;

/// <summary>The verb <c>run</c>: a model, tensors in, tensors out.</summary>
internal static class RunCommand
{
    private const string Details =
        """
        Tensors are named by the keys of the model's signature, or by position: #0, #1. Tensors named 0.x, 1.x, ... are successive calls of one
        session; their results are named 0.y, 1.y, ... An open dimension takes the length that the tensor has. A .npy file is the first input.

        Example:
          dotnet quantize run mnist.tflite --input images.npz --output predictions.safetensors
        """;

    private static readonly Argument<string> s_model = new("MODEL.tflite") { Description = "The model to run" };

    private static readonly Option<string> s_input = TensorPath("--input", "IN", "The tensors to run it on");

    private static readonly Option<string> s_output = TensorPath("--output", "OUT", "Where its results go");

    private static readonly Option<string?> s_signature = new("--signature")
    {
        HelpName = "KEY",
        Description = "The signature to run; without it serving_default, or the first one",
    };

    private static readonly Option<bool> s_allTensors = new("--all-tensors")
    {
        Description = "Adds every intermediate tensor, by its name in the file: to find the first layer that differs",
    };

    private static readonly Option<string?> s_isa = Isa();

    public static Command Create()
    {
        var command = new Command("run", "Runs a .tflite model on tensors from a file, and writes its results to another.") { DetailedHelp.Option(Details), s_model, s_input, s_output, s_signature, s_allTensors, s_isa };
        CommandAction.Set(command, Run);
        return command;
    }

    private static void Run(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(s_model);
        bool allTensors = parsed.GetValue(s_allTensors);
        WholeFile.CheckPlace(parsed.GetRequiredValue(s_output));
        try
        {
            using CompiledModel model = Load(path, new CompileOptions { Isa = parsed.GetValue(s_isa), KeepAllTensors = allTensors });
            using Session session = model.CreateSession(Signature(parsed, path, model));
            string inputPath = parsed.GetRequiredValue(s_input);
            IReadOnlyList<NamedTensor> inputs = TensorFile.Load(inputPath);
            IReadOnlyList<NamedTensor> results = new SessionRun(session, inputPath, allTensors).Run(inputs);
            TensorFile.Save(parsed.GetRequiredValue(s_output), results);
        }
        catch (ModelFormatException e)
        {
            throw new DiagnosticException(DiagnosticTable.ModelCannotRun, path, e.Message.Replace($"{path}: ", "", StringComparison.Ordinal));
        }
        catch (Exception e) when (e is not DiagnosticException)
        {
            // Whatever a model may do to the runtime, the command ends with an id and the model's name.
            throw new DiagnosticException(DiagnosticTable.ModelCannotRun, path, $"{e.GetType().Name}: {e.Message}");
        }
    }

    private static CompiledModel Load(string path, CompileOptions options)
    {
        if (!Path.Exists(path))
            throw new DiagnosticException([MissingPath.Diagnose(path)], []);
        if (TfLiteSource.IsTfLite(path))
            return CompiledModel.Load(path, options);
        string converted = Path.GetFileName(Path.ChangeExtension(Path.TrimEndingDirectorySeparator(path), ".tflite"));
        throw new DiagnosticException(DiagnosticTable.ModelCannotRun, path, $"it is no .tflite file; convert it first: dotnet quantize convert {Quoted(path)} -o {Quoted(converted)}");
    }

    private static string Quoted(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;

    private static string? Signature(ParseResult parsed, string path, CompiledModel model)
    {
        string? key = parsed.GetValue(s_signature);
        if (key is not null && model.Signatures.All(signature => signature.Key != key))
            throw new DiagnosticException(DiagnosticTable.SignatureNotFound, path, key, string.Join(", ", model.Signatures.Select(signature => signature.Key)));
        return key;
    }

    private static Option<string> TensorPath(string name, string helpName, string what)
    {
        var option = new Option<string>(name) { HelpName = helpName, Required = true, Description = $"{what} ({TensorFile.Extensions})" };
        option.Validators.Add(result =>
        {
            string path = result.GetValueOrDefault<string>();
            if (!TensorFile.IsKnown(path))
                result.AddError($"{name} '{path}' must end in one of {TensorFile.Extensions}");
        });
        return option;
    }

    private static Option<string?> Isa()
    {
        string[] rows = [.. KernelSets.Supported.Select(row => row.Name)];
        return new Option<string?>("--isa") { HelpName = "ROW", Description = $"Pins the instruction set; this machine has {string.Join(", ", rows)}" }.AcceptOnlyFromAmong(rows);
    }
}
