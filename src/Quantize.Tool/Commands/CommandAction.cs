using System.CommandLine;
using Quantize.Build;
using Quantize.Converter;

namespace Quantize.Tool.Commands;

/// <summary>What all commands have in common: reasons for failure go to standard error, one a line, and make the exit code.</summary>
internal static class CommandAction
{
    /// <summary>Lets the command do <paramref name="run"/>.</summary>
    public static void Set(Command command, Action<ParseResult> run) => command.SetAction(parsed => Run(parsed, run));

    public static void Print(TextWriter error, IEnumerable<ModelDiagnostic> diagnostics)
    {
        foreach (ModelDiagnostic diagnostic in diagnostics)
            error.WriteLine(SafeText.Line(diagnostic.Line(diagnostic.CommandLineMessage)));
    }

    private static int Run(ParseResult parsed, Action<ParseResult> run)
    {
        TextWriter error = parsed.InvocationConfiguration.Error;
        try
        {
            run(parsed);
            return ExitCode.Success;
        }
        catch (ConversionException e)
        {
            Print(error, e.Diagnostics);
        }
        catch (DiagnosticException e)
        {
            Print(error, e.Diagnostics);
            foreach (string hint in e.Hints)
                error.WriteLine(SafeText.Line(hint));
        }

        return ExitCode.Failure;
    }
}
