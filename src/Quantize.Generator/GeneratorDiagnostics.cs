using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Quantize.Build;

namespace Quantize.Generator;

/// <summary>The product's diagnostics as the compiler reports them.</summary>
internal static class GeneratorDiagnostics
{
    private static readonly IReadOnlyDictionary<string, DiagnosticDescriptor> Descriptors = DiagnosticTable.All.ToDictionary(entry => entry.Id, Descriptor);

    public static Diagnostic ToRoslyn(ModelDiagnostic diagnostic)
    {
        Location location = Location.Create(diagnostic.File, default, new LinePositionSpan(default, default));
        return Diagnostic.Create(Descriptors[diagnostic.Entry.Id], location, diagnostic.Message);
    }

    private static DiagnosticDescriptor Descriptor(DiagnosticEntry entry) => new(
        entry.Id,
        "Quantize.Build",
        "{0}",
        "Quantize.Build",
        entry.Level == DiagnosticLevel.Error ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: entry.HelpLink);
}
