using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Files;
using Quantize.Converter.Keras.Models;

namespace Quantize.Converter.Keras.Weights;

/// <summary>Weights filed as one list for each layer of the outermost model; the layers within it have theirs in an order that follows from the layout.</summary>
internal sealed class ListedWeights : LayerWeights
{
    private const string Root = "model_weights";

    private readonly Hdf5File _file;
    private readonly Dictionary<(string Path, int Number), string> _places;
    private readonly string _path;
    private readonly WeightLayout _layout;

    private ListedWeights(Hdf5File file, Dictionary<(string, int), string> places, string path, WeightLayout layout)
    {
        _file = file;
        _places = places;
        _path = path;
        _layout = layout;
    }

    /// <summary>The weights of the outermost model's layers.</summary>
    public static IReadOnlyList<LayerWeights> OfModel(Hdf5File file, IReadOnlyList<WeightOwner> layers)
    {
        string root = file.Has(Root) ? Root : "";
        return [.. layers.Select(layer => OfLayer(file, root.Length == 0 ? layer.Name : $"{root}/{layer.Name}", layer.Layout))];
    }

    private static ListedWeights OfLayer(Hdf5File file, string group, WeightLayout layout)
    {
        (string, int)[] order = [.. layout.Order()];
        string[] names = order.Length > 0 && file.Has(group) ? [.. file.TextList(group, "weight_names")] : [];
        if (names.Length > 0 && names.Length < order.Length)
            throw new LayerException($"it wants {order.Length} weights, and the file has {names.Length} for it");
        Dictionary<(string, int), string> places = [];
        for (int i = 0; i < Math.Min(order.Length, names.Length); i++)
            places[order[i]] = $"{group}/{names[i]}";
        return new ListedWeights(file, places, "", layout);
    }

    public override Value? Own(int number, string name) => _places.TryGetValue((_path, number), out string? place) ? _file.Tensor(place, name) : null;

    public override LayerWeights Within(string name) =>
        new ListedWeights(_file, _places, $"{_path}/{name}", _layout.Within.FirstOrDefault(part => part.Name == name).Layout ?? WeightLayout.None);

    public override IReadOnlyList<LayerWeights> Members(string list, IReadOnlyList<WeightOwner> layers) =>
        [.. layers.Select((_, i) => Within(FormattableString.Invariant($"{list}/{i}")))];
}
