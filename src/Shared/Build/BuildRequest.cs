using System.Runtime.Serialization;

namespace Quantize.Build;

/// <summary>All the models of a project: what the task asks of the tool's verb <c>build</c>, one JSON object in UTF-8.</summary>
[DataContract]
internal sealed class BuildRequest
{
    /// <summary>Folder of the converted models, shared by all configurations and target frameworks of the project.</summary>
    [DataMember(Name = "store")]
    public string Store { get; set; } = "";

    /// <summary>Who uses these models: a configuration and target framework. A stored model that nobody uses any more is removed.</summary>
    [DataMember(Name = "user")]
    public string User { get; set; } = "";

    /// <summary>What changes whenever the tool's programs change.</summary>
    [DataMember(Name = "toolVersion")]
    public string ToolVersion { get; set; } = "";

    /// <summary>Signatures only: no weight is read, and no finished conversion is replaced.</summary>
    [DataMember(Name = "designTime")]
    public bool DesignTime { get; set; }

    [DataMember(Name = "models")]
    public ModelRequest[] Models { get; set; } = [];
}
