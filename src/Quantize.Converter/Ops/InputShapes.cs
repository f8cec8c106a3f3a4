using System.Text;
using Quantize.Converter.TensorFlow;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Ops;

/// <summary>
/// Shapes of a signature's inputs, their open dimensions named: <c>batch</c> for the first dimension, the same symbol for every input; the input's key and the
/// dimension's number for the others (<c>image_1</c>).
/// </summary>
internal sealed class InputShapes(int? batch)
{
    public const string Batch = "batch";

    public Shape Of(TfSignatureTensor input)
    {
        long[]? declared = input.Shape.Dimensions ?? input.Edge.Node.Attribute("shape", TfShape.Unknown).Dimensions;
        return declared is null ? Shape.Unknown : Shape.Of([.. declared.Select((length, axis) => Dimension(input.Key, length, axis))]);
    }

    private Dimension Dimension(string key, long length, int axis) => (length, axis) switch
    {
        (>= 0, _) => checked((int)length),
        (_, 0) => batch is { } number ? number : Runtime.Shapes.Dimension.Symbol(Batch),
        _ => Runtime.Shapes.Dimension.Symbol($"{Word(key)}_{axis}"),
    };

    /// <summary>Letters, digits and underscores only: the symbol becomes a parameter's name.</summary>
    private static string Word(string key)
    {
        var word = new StringBuilder(key.Length);
        foreach (char c in key)
            word.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
        return word.ToString();
    }
}
