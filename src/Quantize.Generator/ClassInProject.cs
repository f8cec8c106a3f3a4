using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Quantize.Build;

namespace Quantize.Generator;

/// <summary>What the project's own source says of a class that is to be written.</summary>
/// <param name="Name">The class with its namespace.</param>
/// <param name="IsInTheWay">There is a type of that name which is no partial class.</param>
/// <param name="TellsAccessibility">The project's own part says <c>public</c> or <c>internal</c>.</param>
internal sealed record ClassInProject(string Name, bool IsInTheWay, bool TellsAccessibility)
{
    public static EquatableArray<ClassInProject> All(Compilation compilation, IEnumerable<string> names, CancellationToken cancellation)
    {
        List<ClassInProject> found = [];
        foreach (string name in names.Distinct())
        {
            if (name.Length > 0 && compilation.Assembly.GetTypeByMetadataName(name) is { } type)
                found.Add(Of(name, type, cancellation));
        }

        return new(found);
    }

    private static ClassInProject Of(string name, INamedTypeSymbol type, CancellationToken cancellation)
    {
        List<MemberDeclarationSyntax?> parts =
            type.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(cancellation) as MemberDeclarationSyntax).ToList();
        return new ClassInProject(
            name,
            !parts.All(part => part is ClassDeclarationSyntax && Has(part, SyntaxKind.PartialKeyword)),
            parts.Any(part => part is not null && (Has(part, SyntaxKind.PublicKeyword) || Has(part, SyntaxKind.InternalKeyword))));
    }

    private static bool Has(MemberDeclarationSyntax part, SyntaxKind modifier) => part.Modifiers.Any(modifier);
}
