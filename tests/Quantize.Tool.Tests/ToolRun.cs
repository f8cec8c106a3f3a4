namespace Quantize.Tool.Tests;

/// <summary>The program in this process, with its output in hand.</summary>
internal sealed record ToolRun(int ExitCode, string Output, string Error)
{
    public string[] Errors => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public static ToolRun Of(params string[] arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        int code = Program.Run(arguments, output, error);
        return new ToolRun(code, output.ToString(), error.ToString());
    }

    /// <summary>The run, which has succeeded without a word on standard error.</summary>
    public ToolRun Succeeded()
    {
        Assert.Equal((0, ""), (ExitCode, Error));
        return this;
    }
}
