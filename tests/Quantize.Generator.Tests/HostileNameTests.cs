using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Quantize.Build;
using static Quantize.Generator.Tests.TestSignatures;

namespace Quantize.Generator.Tests;

/// <summary>No name of a model breaks out of the source, its documentation or the build log.</summary>
public sealed class HostileNameTests
{
    public static TheoryData<string> Names =>
    [
        "\"; System.Environment.Exit(1); //",
        "a\"\"\"b",
        "line\nbreak\r\nclass X {}",
        "*/ class X { } /*",
        "</summary><summary>x</summary>",
        "]]> & <c>",
        "##vso[task.setvariable variable=x]y",
        "##[error]x",
        "::error::x",
        "next\u0085line\u2028para\u2029end",
        "bidi\u202Eoverride\u2066isolate\u2069",
        "null\0bell\a",
        "back\\slash\\",
        "{0}{x}{{",
        "#error x",
        "\uD83D lone",
        "<!-- -- -->",
        "${x}$(y)@(z)%20",
        new string('x', 3000),
    ];

    [Theory, MemberData(nameof(Names))]
    public void A_name_stays_inside_its_place(string name)
    {
        ModelSignature signature = Model(
            "HostileModel",
            Method(name, [Tensor(name, "Float32", "batch x 3") with { Name = name }], [Tensor(name, "Float32", "batch x 3") with { Name = name }])) with
        {
            Source = name,
            Quantization = name,
            Arithmetic = name,
            ResourceName = name,
            Operators = new([name]),
        };

        string source = new TestProject { HasTensors = true }.Add(signature).GenerateClean();

        CompilationUnitSyntax unit = CSharpSyntaxTree.ParseText(source).GetCompilationUnitRoot();
        MemberDeclarationSyntax space = Assert.Single(unit.Members);
        Assert.IsType<ClassDeclarationSyntax>(Assert.Single(((FileScopedNamespaceDeclarationSyntax)space).Members));
        Assert.DoesNotContain("##vso", source, StringComparison.Ordinal);
        Assert.DoesNotContain(source, c => c != '\n' && (char.IsControl(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format));
        string[] literals = [.. unit.DescendantTokens().Where(token => token.IsKind(SyntaxKind.StringLiteralToken)).Select(token => token.ValueText)];
        Assert.Contains(name, literals);
    }

    [Theory, MemberData(nameof(Names))]
    public void A_name_stays_on_its_line_of_the_log(string name)
    {
        SignatureMethod method = Method(name, [Tensor(name, name, "batch")], [Tensor(name, "String", "batch")]);
        ModelSignature signature = Model(name, method) with { Source = name, Namespace = name };
        Diagnostic[] diagnostics = [.. TestProject.With(signature).Generate().Diagnostics];
        Assert.NotEmpty(diagnostics);
        Assert.All(diagnostics, diagnostic =>
        {
            string message = diagnostic.GetMessage();
            Assert.DoesNotContain("##", message, StringComparison.Ordinal);
            Assert.DoesNotContain(message, c => char.IsControl(c) || c is '\u2028' or '\u2029' or '\u202E');
        });
    }

    [Fact]
    public void A_namespace_that_hides_others_compiles() =>
        TestProject.With(Mnist with { Namespace = "MyApp.System.Quantize.@event".Replace("@", "") })
            .AddSource("namespace MyApp.System.Quantize { /// <summary>x</summary>\npublic class Runtime; /// <summary>x</summary>\npublic class Span; }")
            .GenerateClean();

    [Fact]
    public void The_global_namespace_is_one_too() => TestProject.With(Mnist with { Namespace = "" }).GenerateClean();
}
