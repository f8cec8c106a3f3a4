using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Ops;

/// <summary>What TensorFlow's own layout optimizer leaves behind: vectors and axes translated from one order of dimensions to another.</summary>
internal static class DataFormat
{
    private const string ChannelsLast = "NHWC";
    private const string ChannelsFirst = "NCHW";

    /// <summary>A vector of one entry, or a row of two, for each dimension; or for the spatial ones only.</summary>
    public static Value[] PermuteVector(ImportContext context)
    {
        (string source, string target) = Formats(context);
        Value vector = context.Input(0);
        if (vector.Shape is not { HasRank: true, Rank: 1 or 2 } shape || !shape[0].IsKnown)
            throw context.Refuse($"it permutes {vector.Shape}");
        if (shape[0].Value == source.Length - 2)
            (source, target) = (Spatial(source), Spatial(target));
        if (shape[0].Value != source.Length)
            throw context.Refuse($"it permutes {vector.Shape} from {source} to {target}");
        var arrangement = new Arrangement(context);
        return [arrangement.Gather(vector, arrangement.Vector("order", [.. target.Select(axis => source.IndexOf(axis))]), 0)];
    }

    public static Value[] MapAxes(ImportContext context)
    {
        (string source, string target) = Formats(context);
        var arrangement = new Arrangement(context);
        var formula = new Formula(context);
        Value axes = formula.Cast(context.Input(0), TensorType.Int32), rank = formula.Number(TensorType.Int32, source.Length);
        Value places = arrangement.Gather(arrangement.Vector("places", [.. source.Select(axis => target.IndexOf(axis))]), context.Emit(BuiltinOperator.FloorMod, axes, rank), 0);
        return [formula.Cast(places, context.Input(0).Type)];
    }

    private static (string Source, string Target) Formats(ImportContext context)
    {
        string source = context.Node.Attribute("src_format", ChannelsLast), target = context.Node.Attribute("dst_format", ChannelsFirst);
        return source.Order().SequenceEqual(target.Order()) && source.Distinct().Count() == source.Length && source.Length > 2
            ? (source, target)
            : throw context.Refuse($"it translates {source} to {target}");
    }

    private static string Spatial(string format) => format.Replace("N", "", StringComparison.Ordinal).Replace("C", "", StringComparison.Ordinal);
}
