using Quantize.Runtime.Ops;

namespace Quantize.Runtime;

/// <summary>Custom operators that the runtime brings along.</summary>
internal static class CustomOperators
{
    public static IReadOnlyList<CustomOperator> BuiltIn { get; } = [DetectionPostProcess.Operator];
}
