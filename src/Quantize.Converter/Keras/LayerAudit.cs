using System.Text.Json;
using Quantize.Converter.Keras.Layers;
using Quantize.Converter.Keras.Models;

namespace Quantize.Converter.Keras;

/// <summary>Finds, before anything is imported, what only the Python code of its author could compute: lambdas, classes and functions that are not Keras's.</summary>
internal static class LayerAudit
{
    private static readonly string[] s_functions = ["activation", "recurrent_activation"];
    private static readonly string[] s_layers = ["layer", "backward_layer", "cell"];
    private static readonly string[] s_lists = ["cells", "layers"];
    private static readonly string[] s_packages = ["keras", "tf_keras", "builtins", "tensorflow", "keras_core"];

    public static void Run(ModelDefinition model, string path, LayerProblems problems)
    {
        foreach (LayerDefinition layer in model.Layers)
        {
            string name = path.Length == 0 ? layer.Name : $"{path}/{layer.Name}";
            if (layer.Model is { } inner)
                Run(inner, name, problems);
            else if (!layer.Object.IsOperation)
                Judge(layer.Object, name, problems);
        }
    }

    /// <summary>The class without the package that it was registered in.</summary>
    public static string PlainClass(KerasObject layer) => layer.ClassName[(layer.ClassName.LastIndexOf('>') + 1)..];

    public static bool IsOfKeras(KerasObject layer) =>
        MayBeOfKeras(layer) && layer.ClassName != "Lambda" && IsWhereItBelongs(layer) && (KerasLayers.Table.ContainsKey(layer.ClassName) || RecurrentCell.IsCell(layer.ClassName));

    private static bool IsWhereItBelongs(KerasObject layer) => !KerasLayers.OfApplications.Contains(layer.ClassName) || layer.Module.Contains(".applications.", StringComparison.Ordinal);

    /// <summary>What to do about a layer of Keras that is not imported; null where it is none of Keras's.</summary>
    private static string? WithoutImporter(KerasObject layer)
    {
        if (!MayBeOfKeras(layer) || layer.ClassName == "Lambda")
            return null;
        return LayersWithoutImporter.Table.GetValueOrDefault(layer.ClassName) ?? (IsInLayersOfKeras(layer.Module) ? LayersWithoutImporter.Unknown : null);
    }

    private static bool MayBeOfKeras(KerasObject layer)
    {
        bool isRegisteredElsewhere = layer.ClassName.Contains('>') || layer.Registered.Contains('>');
        return !isRegisteredElsewhere && (layer.Module.Length == 0 || s_packages.Contains(layer.Module.Split('.')[0], StringComparer.Ordinal));
    }

    private static bool IsInLayersOfKeras(string module) => module.Split('.') is [var package, .. var path] && s_packages.Contains(package, StringComparer.Ordinal) && path.Contains("layers");

    private static void Judge(KerasObject layer, string name, LayerProblems problems)
    {
        if (layer.ClassName == "InputLayer")
            return;
        if (layer.IsModel)
        {
            Run(new ModelParser().Parse(layer, name), name, problems);
            return;
        }

        if (!IsOfKeras(layer))
        {
            if (WithoutImporter(layer) is { } fact)
                problems.AddUnsupported(name, layer.ClassName, fact);
            else
                problems.AddCode(name, PlainClass(layer));
            return;
        }

        foreach (string attribute in s_functions.Where(attribute => !Activations.IsKnown(layer.Config.Of(attribute))))
            problems.AddCode(name, $"{layer.ClassName} ({attribute} {FunctionName(layer.Config.Of(attribute))})");
        foreach (string attribute in s_layers.Where(layer.Config.Has))
            Judge(KerasObject.Of(layer.Config.Of(attribute)), $"{name}/{NameOf(layer.Config.Of(attribute), attribute)}", problems);
        foreach (string list in s_lists)
        {
            if (layer.Config.Of(list) is not { ValueKind: JsonValueKind.Array } members)
                continue;
            foreach (JsonElement member in members.EnumerateArray())
                Judge(KerasObject.Of(member), $"{name}/{NameOf(member, list.TrimEnd('s'))}", problems);
        }
    }

    private static string FunctionName(JsonElement function) => Activations.NameOf(function) is { Length: > 0 } name ? name : KerasObject.Of(function).ClassName;

    private static string NameOf(JsonElement layer, string otherwise) => KerasObject.Of(layer).Config.Text("name", otherwise);
}
