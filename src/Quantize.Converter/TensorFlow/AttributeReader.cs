using System.Text;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Quantize.Converter.TensorFlow.Protos;

namespace Quantize.Converter.TensorFlow;

/// <summary>Attributes as <see cref="TfNode"/> holds them.</summary>
internal static class AttributeReader
{
    public static Dictionary<string, object> Read(MapField<string, AttrValue> attributes, string file, string node)
    {
        var values = new Dictionary<string, object>(attributes.Count, StringComparer.Ordinal);
        foreach ((string name, AttrValue value) in attributes)
        {
            if (Value(value, file, node) is { } read)
                values[name] = read;
        }

        return values;
    }

    public static TfShape Shape(TensorShapeProto? shape) =>
        shape is null || shape.UnknownRank ? TfShape.Unknown : new TfShape([.. shape.Dim.Select(dimension => Math.Max(dimension.Size, -1))]);

    private static object? Value(AttrValue value, string file, string node) => value.ValueCase switch
    {
        AttrValue.ValueOneofCase.S => Text(value.S),
        AttrValue.ValueOneofCase.I => value.I,
        AttrValue.ValueOneofCase.F => value.F,
        AttrValue.ValueOneofCase.B => value.B,
        AttrValue.ValueOneofCase.Type => TfDataTypes.Of(value.Type),
        AttrValue.ValueOneofCase.Shape => Shape(value.Shape),
        AttrValue.ValueOneofCase.Tensor => TensorProtoReader.Read(value.Tensor, file, node),
        AttrValue.ValueOneofCase.Placeholder => new TfAttributePlaceholder(value.Placeholder),
        AttrValue.ValueOneofCase.Func => Function(value.Func, file, node),
        AttrValue.ValueOneofCase.List => List(value.List, file, node),
        _ => null,
    };

    /// <summary>The file does not say what an empty list is a list of: it becomes an empty array of numbers.</summary>
    private static object List(AttrValue.Types.ListValue list, string file, string node)
    {
        if (list.S.Count > 0)
            return list.S.Select(Text).ToArray();
        if (list.F.Count > 0)
            return list.F.ToArray();
        if (list.B.Count > 0)
            return list.B.ToArray();
        if (list.Type.Count > 0)
            return list.Type.Select(TfDataTypes.Of).ToArray();
        if (list.Shape.Count > 0)
            return list.Shape.Select(Shape).ToArray();
        if (list.Tensor.Count > 0)
            return list.Tensor.Select(tensor => TensorProtoReader.Read(tensor, file, node)).ToArray();
        if (list.Func.Count > 0)
            return list.Func.Select(function => Function(function, file, node)).ToArray();
        return list.I.ToArray();
    }

    private static TfFunctionReference Function(NameAttrList function, string file, string node) =>
        new(function.Name, Read(function.Attr, file, node));

    private static string Text(ByteString bytes) => Encoding.Latin1.GetString(bytes.Span);
}
