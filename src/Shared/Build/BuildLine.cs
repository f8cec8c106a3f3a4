using System.Runtime.Serialization;

namespace Quantize.Build;

/// <summary>One line that the verb <c>build</c> prints: a flat JSON object, either a diagnostic or a model that is ready.</summary>
[DataContract]
internal sealed class BuildLine
{
    public const string Diagnostic = "diagnostic";
    public const string Error = "error";
    public const string Warning = "warning";
    public const string Model = "model";
    public const string Converted = "converted";
    public const string UpToDate = "upToDate";

    [DataMember(Name = "kind")]
    public string? Kind { get; set; }

    [DataMember(Name = "code")]
    public string? Code { get; set; }

    /// <summary><see cref="Error"/> or <see cref="Warning"/>.</summary>
    [DataMember(Name = "severity")]
    public string? Severity { get; set; }

    [DataMember(Name = "file")]
    public string? File { get; set; }

    [DataMember(Name = "message")]
    public string? Message { get; set; }

    [DataMember(Name = "helpLink")]
    public string? HelpLink { get; set; }

    [DataMember(Name = "source")]
    public string? Source { get; set; }

    [DataMember(Name = "className")]
    public string? ClassName { get; set; }

    [DataMember(Name = "resourceName")]
    public string? ResourceName { get; set; }

    /// <summary>Path of the model; missing where only the signature was asked for.</summary>
    [DataMember(Name = "tfLite")]
    public string? TfLite { get; set; }

    [DataMember(Name = "signature")]
    public string? Signature { get; set; }

    /// <summary><see cref="Converted"/> or <see cref="UpToDate"/>.</summary>
    [DataMember(Name = "state")]
    public string? State { get; set; }

    [DataMember(Name = "milliseconds")]
    public long Milliseconds { get; set; }

    public static BuildLine Of(ModelDiagnostic diagnostic) => new()
    {
        Kind = Diagnostic,
        Code = diagnostic.Entry.Id,
        Severity = diagnostic.Entry.Level == DiagnosticLevel.Error ? Error : Warning,
        File = diagnostic.File,
        Message = diagnostic.Message,
        HelpLink = diagnostic.Entry.HelpLink,
    };
}
