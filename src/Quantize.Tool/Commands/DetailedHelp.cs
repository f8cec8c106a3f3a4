using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Quantize.Tool.Commands;

/// <summary>The help of one command: what System.CommandLine prints, then what a stranger must know, and examples.</summary>
internal sealed class DetailedHelp(string details) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public static HelpOption Option(string details) => new() { Action = new DetailedHelp(details) };

    public override int Invoke(ParseResult parseResult)
    {
        int code = new HelpAction().Invoke(parseResult);
        parseResult.InvocationConfiguration.Output.WriteLine(details);
        return code;
    }
}
