using Quantize.Runtime.Format;

namespace Quantize.Runtime.Tests.Operators;

/// <summary>Why the runtime has no kernel for some codes of the schema.</summary>
internal static class OperatorsLeftOut
{
    public const string StableHlo = "written only where a converter is told to leave StableHLO as it is; otherwise it becomes the operators above";

    public static IReadOnlyDictionary<BuiltinOperator, string> Reasons { get; } = new Dictionary<BuiltinOperator, string>
    {
        [BuiltinOperator.ConcatEmbeddings] = "no use in inference: a code of the first schema, for which no interpreter ever had a kernel",
        [BuiltinOperator.Custom] = "the user's own operators, registered by name: see [runtime](runtime.md); `TFLite_Detection_PostProcess` is built in",
        [BuiltinOperator.Delegate] = "no use in a file: an interpreter puts it in place of operators that it hands to an accelerator",
        [BuiltinOperator.PlaceholderForGreaterOpCodes] = "no operator: it marks codes above 127 for readers of old files",
        [BuiltinOperator.SkipGram] = "no use in inference: it makes training pairs of a text, and no converter writes it",
    };

    public static bool Has(BuiltinOperator code) => Reasons.ContainsKey(code) || IsStableHlo(code);

    public static bool IsStableHlo(BuiltinOperator code) => code.ToString().StartsWith("Stablehlo", StringComparison.Ordinal) && code != BuiltinOperator.StablehloComposite;
}
