using Quantize.Converter.Graphs;
using Quantize.Converter.TensorFlow;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Ops;

/// <summary>Shapes that a signature declares, their open dimensions named, an open batch fixed where the user wants it.</summary>
internal sealed class InputShapes(int? batch)
{
    public Shape Of(TfSignatureTensor tensor)
    {
        long[]? declared = tensor.Shape.Dimensions ?? tensor.Edge.Node.Attribute("shape", TfShape.Unknown).Dimensions;
        return declared is null ? Shape.Unknown : Shape.Of([.. declared.Select((length, axis) => DimensionOf(tensor.Key, length, axis))]);
    }

    private Dimension DimensionOf(string key, long length, int axis) => (length, axis) switch
    {
        (>= 0, _) => checked((int)length),
        (_, 0) when batch is { } number => number,
        _ => Dimension.Symbol(OpenDimension.Name(key, axis)),
    };
}
