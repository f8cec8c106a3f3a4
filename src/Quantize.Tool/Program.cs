using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Text;
using Quantize.Tool.Build;
using Quantize.Tool.Commands;

namespace Quantize.Tool;

/// <summary>The program <c>dotnet quantize</c>.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        return Run(arguments, Console.Out, Console.Error);
    }

    public static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        // A path that begins with @ is a path, not a file of further arguments.
        ParseResult parsed = Root().Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction usage)
        {
            usage.ShowHelp = arguments.Length == 0;
            usage.ShowTypoCorrections = false;
        }

        int code = parsed.Invoke(new InvocationConfiguration { Output = output, Error = error });
        Suggestions.Print(parsed, error);
        return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
    }

    private static Command Root() => new("dotnet-quantize", "Converts, quantizes, runs and inspects TensorFlow models.")
    {
        ConvertCommand.Create(),
        RunCommand.Create(),
        InspectCommand.Create(),
        BuildCommand.Create(),
        new HelpOption(),
        new VersionOption(),
    };
}
