using System.Text.Json;

namespace Quantize.Converter.Keras.Models;

/// <summary>
/// Anything that Keras saves by class and configuration: layers, models, operations, functions. A class that its author registered has a package in front of its name
/// (<c>Acme&gt;Swirl</c>), or names itself as registered.
/// </summary>
internal readonly record struct KerasObject(string ClassName, string Module, string Registered, JsonElement Json)
{
    public const string OperationModule = "keras.src.ops";

    public LayerConfig Config => new(Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty("config", out JsonElement config) ? config : default);

    /// <summary>Models of both Kerases; in files of Keras 2.1 the functional one is plain <c>Model</c>.</summary>
    public bool IsSequential => ClassName == "Sequential";

    public bool IsFunctional => ClassName is "Functional" or "Model" && Config.Has("layers");

    public bool IsModel => IsSequential || IsFunctional;

    /// <summary>A function of <c>keras.ops</c> that stands among the layers.</summary>
    public bool IsOperation => Module.StartsWith(OperationModule, StringComparison.Ordinal) || Module.StartsWith("keras.ops", StringComparison.Ordinal)
        || ClassName is "TFOpLambda" or "SlicingOpLambda";

    public static KerasObject Of(JsonElement json) => new(Text(json, "class_name"), Text(json, "module"), Text(json, "registered_name"), json);

    private static string Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
