using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Quantize.Build;

namespace Quantize.Tasks;

/// <summary>
/// Brings the models of a project up to date: TfModel items go in, one call of the converter (a process of its own) makes what is missing, the converted models
/// and their signatures come out. Where nothing changed, no process is started.
/// </summary>
public sealed class QuantizeModel : ToolTask
{
    private readonly List<ReadyModel> _ready = [];
    private readonly LastWords _lastWords = new();
    private BuildRequest _request = new();

    /// <summary>The TfModel items.</summary>
    [Required]
    public ITaskItem[] Models { get; set; } = [];

    /// <summary>Folder of the converted models.</summary>
    [Required]
    public string Store { get; set; } = "";

    /// <summary>Path of Quantize.Tool.dll.</summary>
    [Required]
    public string Converter { get; set; } = "";

    /// <summary>Where the request is written: the same call can be repeated by hand with it.</summary>
    [Required]
    public string RequestFile { get; set; } = "";

    /// <summary>The project, for messages.</summary>
    public string ProjectFile { get; set; } = "";

    /// <summary>The configuration and target framework that use the models.</summary>
    public string User { get; set; } = "";

    public string RootNamespace { get; set; } = "";

    /// <summary>The project's language: <c>C#</c>.</summary>
    public string Language { get; set; } = "";

    /// <summary>The project's target framework, for a message.</summary>
    public string TargetFramework { get; set; } = "";

    /// <summary>Whether that is net10.0 or later.</summary>
    public bool TargetFrameworkIsSupported { get; set; }

    /// <summary>Signatures only, without reading weights.</summary>
    public bool DesignTime { get; set; }

    /// <summary>Path of the dotnet host; empty: the one that runs this build, or else that on the PATH.</summary>
    public string DotnetHost { get; set; } = "";

    /// <summary>The .tflite files; metadata LogicalName, ClassName, SourceModel and Signature. Empty in a design-time build that met no finished conversion.</summary>
    [Output]
    public ITaskItem[] QuantizedModels => [.. _ready.Where(model => model.Stored.TfLite is not null).Select(model => model.AsModelItem())];

    /// <summary>The signatures, for the generator.</summary>
    [Output]
    public ITaskItem[] Signatures => [.. _ready.Select(model => model.AsSignatureItem())];

    /// <summary>The files that the models consist of.</summary>
    [Output]
    public ITaskItem[] ModelFiles => [.. _request.Models.SelectMany(model => Build.ModelFiles.Of(model).Paths).Distinct().Select(path => PathItem.Of(path))];

    protected override string ToolName => Path.DirectorySeparatorChar == '\\' ? "dotnet.exe" : "dotnet";

    protected override Encoding StandardOutputEncoding => Encoding.UTF8;

    protected override Encoding StandardErrorEncoding => Encoding.UTF8;

    public override bool Execute() => base.Execute() && !Log.HasLoggedErrors;

    protected override bool ValidateParameters()
    {
        if (Models.Length != 0 && Language != "C#")
            Say(new ModelDiagnostic(DiagnosticTable.UnsupportedLanguage, ProjectFile, Language));
        else if (Models.Length != 0 && !TargetFrameworkIsSupported)
            Say(new ModelDiagnostic(DiagnosticTable.UnsupportedTargetFramework, ProjectFile, TargetFramework));
        foreach (ModelDiagnostic misspelt in MetadataNames.Misspelt(Models))
            Say(misspelt);
        return !Log.HasLoggedErrors && base.ValidateParameters();
    }

    protected override bool SkipTaskExecution()
    {
        _request = new BuildRequest
        {
            Store = Store,
            User = User,
            ToolVersion = ToolVersion.Of(Converter),
            DesignTime = DesignTime,
            Models = [.. Models.Select(item => ItemReader.Read(item, RootNamespace, Path.GetDirectoryName(ProjectFile)))],
        };
        return UpToDateCheck.Find(_request) is { } ready && Take(ready);
    }

    protected override string GenerateFullPathToTool() => DotnetHost.Length != 0 ? DotnetHost : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? ToolName;

    protected override string GenerateCommandLineCommands()
    {
        RequestWriter.Write(_request, RequestFile);
        var line = new CommandLineBuilder();
        line.AppendSwitch("exec");
        line.AppendFileNameIfNotNull(Converter);
        line.AppendSwitch("build");
        line.AppendFileNameIfNotNull(RequestFile);
        return line.ToString();
    }

    protected override void LogToolCommand(string message) => Log.LogMessage(MessageImportance.Low, message);

    protected override void LogEventsFromTextOutput(string singleLine, MessageImportance messageImportance)
    {
        BuildLine? line = LineReader.Read(singleLine);
        if (line is null)
            _lastWords.Add(singleLine);
        else if (line.Kind == BuildLine.Diagnostic)
            Say(line);
        else if (ReadyModel.From(line) is { } ready)
            Take(ready, line);
    }

    protected override bool HandleTaskExecutionErrors()
    {
        if (!Log.HasLoggedErrors)
            Say(new ModelDiagnostic(DiagnosticTable.ConverterEnded, ProjectFile, ExitCode.ToString(System.Globalization.CultureInfo.InvariantCulture), _lastWords.ToString()));
        return false;
    }

    private bool Take(IReadOnlyList<ReadyModel> ready)
    {
        _ready.AddRange(ready);
        Log.LogMessage(MessageImportance.Low, "All models are up to date.");
        return true;
    }

    private void Take(ReadyModel ready, BuildLine line)
    {
        _ready.Add(ready);
        if (line.State == BuildLine.Converted)
            Log.LogMessage(MessageImportance.High, $"{SafeText.Line(ready.Source)} -> {ready.Stored.ClassName} ({ready.SizeText}, {line.Milliseconds} ms)");
    }

    private void Say(ModelDiagnostic diagnostic) => Say(BuildLine.Of(diagnostic));

    /// <summary>With the address of its page at the end, as the compiler prints those of its analyzers: most loggers do not show the link itself.</summary>
    private void Say(BuildLine line)
    {
        string file = SafeText.Line(line.File ?? "");
        string message = $"{SafeText.Line(line.Message ?? "")} ({line.HelpLink})";
        if (line.Severity == BuildLine.Error)
            Log.LogError(null, line.Code, null, line.HelpLink, file, 0, 0, 0, 0, message);
        else
            Log.LogWarning(null, line.Code, null, line.HelpLink, file, 0, 0, 0, 0, message);
    }
}
