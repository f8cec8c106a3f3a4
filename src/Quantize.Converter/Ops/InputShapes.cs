using Quantize.Converter.Graphs;
using Quantize.Converter.TensorFlow;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Ops;

/// <summary>
/// Shapes of a signature's tensors: as the user gives them, as the signature declares them, as their readers want them. Open dimensions are named, an open batch fixed where the user
/// wants it.
/// </summary>
internal sealed class InputShapes(TfGraph graph, IReadOnlyDictionary<string, long[]> given, int? batch)
{
    private readonly Lazy<WantedShapes> _wanted = new(() => new WantedShapes(graph));

    /// <summary>An input's shape; unknown where nothing tells its number of dimensions.</summary>
    public Shape OfInput(TfSignatureTensor input) =>
        Named(input.Key, given.GetValueOrDefault(input.Key) ?? Declared(input) ?? _wanted.Value.Of(input.Edge));

    public Shape OfOutput(TfSignatureTensor output) => Named(output.Key, Declared(output));

    /// <summary>Null where the model does not say how many dimensions there are.</summary>
    public static long[]? Declared(TfSignatureTensor tensor) => tensor.Shape.Dimensions ?? tensor.Edge.Node.Attribute("shape", TfShape.Unknown).Dimensions;

    private Shape Named(string key, long[]? lengths) =>
        lengths is null ? Shape.Unknown : Shape.Of([.. lengths.Select((length, axis) => DimensionOf(key, length, axis))]);

    private Dimension DimensionOf(string key, long length, int axis) => (length, axis) switch
    {
        (>= 0, _) => checked((int)length),
        (_, 0) when batch is { } number => number,
        _ => Dimension.Symbol(OpenDimension.Name(key, axis)),
    };
}
