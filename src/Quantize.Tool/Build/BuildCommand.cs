using System.CommandLine;
using System.Text.Json;
using Quantize.Build;
using Quantize.Converter;

namespace Quantize.Tool.Build;

/// <summary>The verb <c>build REQUEST.json</c>: converts all the models of a project, as the build task asks for them.</summary>
internal static class BuildCommand
{
    public static Command Create()
    {
        var request = new Argument<string>("REQUEST.json") { Description = "The models to convert, and where to" };
        var command = new Command("build", "Converts all models of a project; the build task starts this. Prints one JSON object a line") { request };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(request), Console.OpenStandardOutput()));
        return command;
    }

    private static int Run(string path, Stream output)
    {
        var log = new BuildLog(output);
        if (ReadRequest(path, log) is { } request)
            new ProjectBuild(request, model => ModelConverter.Convert(model), log).Run();
        return log.HasErrors ? 1 : 0;
    }

    private static BuildRequest? ReadRequest(string path, BuildLog log)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return JsonSerializer.Deserialize(stream, BuildJson.Default.BuildRequest) ?? throw new JsonException("it is null");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            log.Say(new(DiagnosticTable.RequestUnreadable, path, e.Message));
            return null;
        }
    }
}
