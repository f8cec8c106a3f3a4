namespace Quantize.Converter.TensorFlow;

/// <summary>What the graph itself records about an edge; no inference.</summary>
internal static class TfEdgeFacts
{
    private static readonly Dictionary<string, TfDataType> FixedTypes = new(StringComparer.Ordinal)
    {
        ["All"] = TfDataType.Bool,
        ["Angle"] = TfDataType.Float32,
        ["Any"] = TfDataType.Bool,
        ["AudioSpectrogram"] = TfDataType.Float32,
        ["ComplexAbs"] = TfDataType.Float32,
        ["DecodeBmp"] = TfDataType.UInt8,
        ["DecodeGif"] = TfDataType.UInt8,
        ["DecodeJpeg"] = TfDataType.UInt8,
        ["DecodeWav"] = TfDataType.Float32,
        ["Equal"] = TfDataType.Bool,
        ["Greater"] = TfDataType.Bool,
        ["GreaterEqual"] = TfDataType.Bool,
        ["IRFFT"] = TfDataType.Float32,
        ["IRFFT2D"] = TfDataType.Float32,
        ["Imag"] = TfDataType.Float32,
        ["InTopK"] = TfDataType.Bool,
        ["InTopKV2"] = TfDataType.Bool,
        ["IsFinite"] = TfDataType.Bool,
        ["IsInf"] = TfDataType.Bool,
        ["IsNan"] = TfDataType.Bool,
        ["Less"] = TfDataType.Bool,
        ["LessEqual"] = TfDataType.Bool,
        ["LogicalAnd"] = TfDataType.Bool,
        ["LogicalNot"] = TfDataType.Bool,
        ["LogicalOr"] = TfDataType.Bool,
        ["Mfcc"] = TfDataType.Float32,
        ["NotEqual"] = TfDataType.Bool,
        ["Rank"] = TfDataType.Int32,
        ["Real"] = TfDataType.Float32,
        ["ResizeBicubic"] = TfDataType.Float32,
        ["ResizeBilinear"] = TfDataType.Float32,
        ["Where"] = TfDataType.Int64,
    };

    private static readonly string[] TypeAttributes = ["DstT", "out_type", "output_type", "Tout", "dtype", "T"];

    /// <summary>The element type, or Invalid where the node does not tell it.</summary>
    public static TfDataType RecordedType(this TfEdge edge)
    {
        if (edge.Output > 0)
            return TfDataType.Invalid;
        if (FixedTypes.TryGetValue(edge.Node.Op, out TfDataType known))
            return known;
        return TypeAttributes.Select(name => edge.Node.Attribute(name, TfDataType.Invalid)).FirstOrDefault(type => type != TfDataType.Invalid);
    }

    /// <summary>The shape that the node's own attributes give, or unknown.</summary>
    public static TfShape RecordedShape(this TfEdge edge)
    {
        TfShape[] all = edge.Node.Attribute<TfShape[]>("_output_shapes", []);
        if (edge.Node.Op is "Placeholder" or "PlaceholderWithDefault" && edge.Node.TryAttribute("shape", out TfShape? shape))
            return shape;
        return edge.Output < all.Length ? all[edge.Output] : TfShape.Unknown;
    }
}
