using System.Collections.Generic;
using System.Globalization;

namespace Quantize.Build;

internal enum DiagnosticLevel
{
    Warning,
    Error,
}

/// <summary>One thing we may have to say: the sentence names the fact and what to do; {0}, {1}, ... are filled in.</summary>
internal sealed record DiagnosticEntry(string Id, DiagnosticLevel Level, string Sentence)
{
    public string HelpLink => $"https://github.com/quantize-build/quantize-build/blob/main/docs/diagnostics/{Id}.md";
}

/// <summary>One thing said about one file.</summary>
internal sealed record ModelDiagnostic(DiagnosticEntry Entry, string File, params string[] Arguments)
{
    public string Message => string.Format(CultureInfo.InvariantCulture, Entry.Sentence, (object[])Arguments);

    public override string ToString() => $"{File}: {(Entry.Level == DiagnosticLevel.Error ? "error" : "warning")} {Entry.Id}: {Message}";
}

/// <summary>
/// Every diagnostic of the product: 1xxx reading and importing, 2xxx passes, 3xxx quantization and writing, 4xxx the build item, 5xxx the generator. Ids are never
/// reused; each has a page in docs/diagnostics.
/// </summary>
internal static class DiagnosticTable
{
    public static readonly DiagnosticEntry ModelNotFound =
        new("QNT1001", DiagnosticLevel.Error, "There is no file or folder at this path; correct the Include of the TfModel item, or the path on the command line");

    public static readonly DiagnosticEntry ModelDamaged =
        new("QNT1002", DiagnosticLevel.Error, "The model cannot be read: {0}; export it again, or fetch it anew");

    public static readonly DiagnosticEntry GitLfsPointer =
        new("QNT1003", DiagnosticLevel.Error, "This is a Git LFS pointer, not the model itself; run 'git lfs pull'");

    public static readonly DiagnosticEntry UnknownFormat =
        new("QNT1004", DiagnosticLevel.Error, "This is no SavedModel folder, frozen GraphDef or .tflite file: {0}");

    public static readonly DiagnosticEntry UnsupportedOperation =
        new("QNT1010", DiagnosticLevel.Error, "Node '{0}': the operation {1} is not supported ({2})");

    public static readonly DiagnosticEntry InconsistentNode =
        new("QNT1011", DiagnosticLevel.Error, "Node '{0}': {1}");

    public static readonly DiagnosticEntry PassFault =
        new("QNT2001", DiagnosticLevel.Error, "The pass '{0}' left the graph '{1}' inconsistent: {2}; this is a fault of the converter, please report it with the model");

    public static readonly IReadOnlyList<DiagnosticEntry> All =
    [
        ModelNotFound,
        ModelDamaged,
        GitLfsPointer,
        UnknownFormat,
        UnsupportedOperation,
        InconsistentNode,
        PassFault,
    ];
}
