using Quantize.Runtime.Format;

namespace Quantize.Converter.Emission;

/// <summary>The first release of Google's interpreter that knows a version of an operator: what <c>min_runtime_version</c> tells.</summary>
internal static class RuntimeVersions
{
    private static readonly Version s_first = new(1, 5, 0);

    private static readonly Dictionary<(BuiltinOperator Code, int Version), Version> s_releases = new()
    {
        [(BuiltinOperator.Add, 4)] = new(2, 6, 0),
        [(BuiltinOperator.ArgMax, 1)] = new(1, 9, 0),
        [(BuiltinOperator.ArgMin, 1)] = new(1, 9, 0),
        [(BuiltinOperator.Cast, 5)] = new(2, 12, 0),
        [(BuiltinOperator.Conv2D, 2)] = new(1, 14, 0),
        [(BuiltinOperator.Conv2D, 5)] = new(2, 4, 0),
        [(BuiltinOperator.Conv2D, 6)] = new(2, 9, 0),
        [(BuiltinOperator.DepthwiseConv2D, 2)] = new(1, 12, 0),
        [(BuiltinOperator.DepthwiseConv2D, 4)] = new(2, 2, 0),
        [(BuiltinOperator.DepthwiseConv2D, 6)] = new(2, 3, 0),
        [(BuiltinOperator.Div, 1)] = new(1, 6, 0),
        [(BuiltinOperator.Div, 2)] = new(2, 3, 0),
        [(BuiltinOperator.Exp, 1)] = new(1, 7, 0),
        [(BuiltinOperator.ExpandDims, 1)] = new(1, 10, 0),
        [(BuiltinOperator.FullyConnected, 5)] = new(2, 0, 0),
        [(BuiltinOperator.FullyConnected, 9)] = new(2, 3, 0),
        [(BuiltinOperator.FullyConnected, 12)] = new(2, 17, 0),
        [(BuiltinOperator.Maximum, 1)] = new(1, 8, 0),
        [(BuiltinOperator.Maximum, 3)] = new(2, 3, 0),
        [(BuiltinOperator.Mean, 1)] = new(1, 6, 0),
        [(BuiltinOperator.Minimum, 1)] = new(1, 8, 0),
        [(BuiltinOperator.Minimum, 3)] = new(2, 3, 0),
        [(BuiltinOperator.Mul, 5)] = new(2, 6, 0),
        [(BuiltinOperator.Neg, 1)] = new(1, 9, 0),
        [(BuiltinOperator.Pack, 1)] = new(1, 11, 0),
        [(BuiltinOperator.Pad, 4)] = new(2, 6, 0),
        [(BuiltinOperator.Rsqrt, 1)] = new(1, 10, 0),
        [(BuiltinOperator.Shape, 1)] = new(1, 10, 0),
        [(BuiltinOperator.Sqrt, 1)] = new(1, 10, 0),
        [(BuiltinOperator.Square, 1)] = new(1, 12, 0),
        [(BuiltinOperator.Squeeze, 1)] = new(1, 6, 0),
        [(BuiltinOperator.StridedSlice, 1)] = new(1, 6, 0),
        [(BuiltinOperator.StridedSlice, 4)] = new(2, 2, 0),
        [(BuiltinOperator.Sub, 1)] = new(1, 6, 0),
        [(BuiltinOperator.Sub, 3)] = new(2, 3, 0),
        [(BuiltinOperator.Sub, 4)] = new(2, 6, 0),
        [(BuiltinOperator.Transpose, 1)] = new(1, 6, 0),
        [(BuiltinOperator.Transpose, 4)] = new(2, 3, 0),
        [(BuiltinOperator.Transpose, 6)] = new(2, 12, 0),
    };

    /// <summary>The release that knows all of them.</summary>
    public static Version Needed(IEnumerable<(BuiltinOperator Code, int Version)> operators) =>
        operators.Select(key => s_releases.GetValueOrDefault(key, s_first)).Append(s_first).Max()!;
}
