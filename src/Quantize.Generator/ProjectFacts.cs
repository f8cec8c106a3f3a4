using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Quantize.Build;

namespace Quantize.Generator;

/// <summary>What the classes depend on in the project. It seldom changes, so a keystroke writes no class anew.</summary>
internal sealed record ProjectFacts(bool HasRuntime, bool HasTensors, EquatableArray<string> Operators)
{
    public static ProjectFacts Of(Compilation compilation, CancellationToken cancellation)
    {
        INamedTypeSymbol? operators = compilation.GetTypeByMetadataName("Quantize.Runtime.OperatorKernels");
        cancellation.ThrowIfCancellationRequested();
        return new ProjectFacts(
            operators is not null && compilation.GetTypeByMetadataName("Quantize.Runtime.Generated.SignatureCall") is not null,
            compilation.GetTypeByMetadataName("System.Numerics.Tensors.ReadOnlyTensorSpan`1") is { DeclaredAccessibility: Accessibility.Public },
            new(operators is null ? [] : operators.GetMembers().OfType<IPropertySymbol>().Select(property => property.Name)));
    }

    public static LanguageVersion Language(ParseOptions options, CancellationToken cancellation) => ((CSharpParseOptions)options).LanguageVersion;
}
