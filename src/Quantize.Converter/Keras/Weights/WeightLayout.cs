namespace Quantize.Converter.Keras.Weights;

/// <summary>
/// How many weights a layer has of its own, trained ones before those that are not, and the layers within it. A layer that is frozen counts all of them, in this
/// order, among those that are not.
/// </summary>
internal sealed record WeightLayout(int Trained, int Fixed = 0, bool IsFrozen = false)
{
    public static readonly WeightLayout None = new(0);

    public IReadOnlyList<(string Name, WeightLayout Layout)> Within { get; init; } = [];

    public static WeightLayout Of(params (string Name, WeightLayout Layout)[] within) => new(0) { Within = within };

    /// <summary>Places of the weights in the order in which a list has them: the path of names to the layer within, and the number.</summary>
    public IEnumerable<(string Path, int Number)> Order() => OrderOfTrained("").Concat(OrderOfFixed(""));

    private IEnumerable<(string, int)> OrderOfTrained(string path) =>
        IsFrozen ? [] : Numbers(path, 0, Trained).Concat(Within.SelectMany(part => part.Layout.OrderOfTrained($"{path}/{part.Name}")));

    private IEnumerable<(string, int)> OrderOfFixed(string path) => IsFrozen
        ? Numbers(path, 0, Trained + Fixed).Concat(Within.SelectMany(part => part.Layout.OrderOfAll($"{path}/{part.Name}")))
        : Numbers(path, Trained, Fixed).Concat(Within.SelectMany(part => part.Layout.OrderOfFixed($"{path}/{part.Name}")));

    private IEnumerable<(string, int)> OrderOfAll(string path) => OrderOfTrained(path).Concat(OrderOfFixed(path));

    private static IEnumerable<(string, int)> Numbers(string path, int first, int count) => Enumerable.Range(first, count).Select(number => (path, number));
}
