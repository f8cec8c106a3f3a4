using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Quantize.Build;
using Quantize.Tests;

namespace Quantize.Generator.Tests;

/// <summary>docs/generated-class.md shows classes as they are.</summary>
public sealed class DocumentationTests
{
    [Theory, MemberData(nameof(SignatureTextTests.Kinds), MemberType = typeof(SignatureTextTests))]
    public void The_page_shows_the_class_of_each_kind(string kind)
    {
        var signature = (ModelSignature)typeof(TestSignatures).GetProperty(kind)!.GetValue(null)!;
        string outline = Outline(TestProject.With(signature).GenerateClean());
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "generated-class.md")).ReplaceLineEndings("\n");
        Assert.True(page.Contains(outline, StringComparison.Ordinal), $"docs/generated-class.md does not show this class:\n{outline}");
    }

    /// <summary>The public members without bodies, attributes and comments, types by their short names.</summary>
    private static string Outline(string source)
    {
        CompilationUnitSyntax unit = CSharpSyntaxTree.ParseText(source).GetCompilationUnitRoot();
        ClassDeclarationSyntax type = unit.DescendantNodes().OfType<ClassDeclarationSyntax>().First();
        return Regex.Replace(Outline(type, ""), @"global::(\w+\.)*", "");
    }

    private static string Outline(ClassDeclarationSyntax type, string indent)
    {
        IEnumerable<string> members = type.Members.Where(IsPublic).Select(member => member is ClassDeclarationSyntax nested
            ? "\n" + Outline(nested, indent + "    ")
            : $"{indent}    {Head(member)}\n");
        return $"{indent}{type.Modifiers} class {type.Identifier}{Space(type.BaseList)}\n{indent}{{\n{string.Concat(members).TrimStart('\n')}{indent}}}\n";
    }

    private static bool IsPublic(MemberDeclarationSyntax member) => member.Modifiers.Any(SyntaxKind.PublicKeyword);

    private static string Head(MemberDeclarationSyntax member) => member switch
    {
        PropertyDeclarationSyntax property => $"{property.Modifiers} {property.Type} {property.Identifier} {{ get; }}",
        IndexerDeclarationSyntax indexer => $"{indexer.Modifiers} {indexer.Type} this{indexer.ParameterList} {{ get; }}",
        MethodDeclarationSyntax method => $"{method.Modifiers} {method.ReturnType} {method.Identifier}({string.Join(", ", method.ParameterList.Parameters)});",
        _ => member.ToString(),
    };

    private static string Space(BaseListSyntax? bases) => bases is null ? "" : " " + bases.ToString();
}
