using Quantize.Converter.Graphs;

namespace Quantize.Converter.Ops;

/// <summary>
/// Where a node has its channels. The builtins want them last: a node that has them in front gets a transpose before and one behind, most of which the layout pass
/// takes away again.
/// </summary>
internal readonly struct ChannelPlace
{
    private readonly ImportContext _context;
    private readonly int _rank;

    private ChannelPlace(ImportContext context, int rank, bool isFirst)
    {
        _context = context;
        _rank = rank;
        IsFirst = isFirst;
    }

    public bool IsFirst { get; }

    /// <summary>By the attribute <c>data_format</c>.</summary>
    public static ChannelPlace Of(ImportContext context, int rank)
    {
        string format = context.Node.Attribute("data_format", "");
        bool isFirst = format is "NCHW" or "NCDHW" or "NCW";
        return isFirst || format is "" or "NHWC" or "NDHWC" or "NWC"
            ? new ChannelPlace(context, rank, isFirst)
            : throw context.Refuse($"data_format {format}; export the model with channels last (NHWC)");
    }

    public Value ToLast(Value value) => IsFirst ? new Arrangement(_context).Transpose(value, [0, .. Enumerable.Range(2, _rank - 2), 1]) : value;

    public Value FromLast(Value value) => IsFirst ? new Arrangement(_context).Transpose(value, [0, _rank - 1, .. Enumerable.Range(1, _rank - 2)]) : value;

    /// <summary>A list over all dimensions in the node's order, <paramref name="each"/> numbers for one, with the channels last.</summary>
    public long[] ToLast(long[] numbers, int each = 1) =>
        IsFirst && numbers.Length == _rank * each ? [.. numbers[..each], .. numbers[(2 * each)..], .. numbers[each..(2 * each)]] : numbers;
}
