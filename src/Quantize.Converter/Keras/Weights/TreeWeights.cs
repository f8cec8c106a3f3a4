using System.Text;
using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Files;

namespace Quantize.Converter.Keras.Weights;

/// <summary>Weights filed by object: <c>layers/dense_1/vars/0</c>. Members of a list are named by class and number, not by their own names.</summary>
internal sealed class TreeWeights(Hdf5File file, string path) : LayerWeights
{
    /// <summary>What Keras before 2.14 called the list of a model's layers.</summary>
    private const string OldLayers = "_layer_checkpoint_dependencies";

    public override Value? Own(int number, string name)
    {
        string place = FormattableString.Invariant($"{path}vars/{number}");
        return file.Has(place) ? file.Tensor(place, name) : null;
    }

    /// <summary>Some versions keep the underscore of an attribute that is Python's own affair.</summary>
    public override LayerWeights Within(string name) => new TreeWeights(file, file.Has($"{path}_{name}") ? $"{path}_{name}/" : $"{path}{name}/");

    public override IReadOnlyList<LayerWeights> Members(string list, IReadOnlyList<WeightOwner> layers)
    {
        string folder = !file.Has($"{path}{list}") && file.Has($"{path}{OldLayers}") ? OldLayers : list;
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        return [.. layers.Select(layer => new TreeWeights(file, $"{path}{folder}/{Numbered(SnakeCase(layer.ClassName), counts)}/"))];
    }

    private static string Numbered(string name, Dictionary<string, int> counts)
    {
        int number = counts[name] = counts.GetValueOrDefault(name, -1) + 1;
        return number == 0 ? name : FormattableString.Invariant($"{name}_{number}");
    }

    /// <summary>An underscore goes before a capital that small letters follow, and between a small letter and a capital: <c>PReLU</c> is <c>p_re_lu</c>.</summary>
    internal static string SnakeCase(string className)
    {
        string name = string.Concat(className.Where(c => char.IsLetterOrDigit(c) || c == '_'));
        var words = new StringBuilder();
        for (int i = 0; i < name.Length; i++)
        {
            bool startsWord = i > 0 && char.IsAsciiLetterUpper(name[i]) && i + 1 < name.Length && char.IsAsciiLetterLower(name[i + 1]);
            bool follows = i > 0 && char.IsAsciiLetterUpper(name[i]) && char.IsAsciiLetterLower(name[i - 1]);
            if (startsWord || follows)
                words.Append('_');
            words.Append(char.ToLowerInvariant(name[i]));
        }

        return words.ToString();
    }
}
