using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Quantize.Build;
using static Quantize.Generator.Tests.TestSignatures;

namespace Quantize.Generator.Tests;

/// <summary>What keeps a class from being written is told with an id, and no half class is left.</summary>
public sealed class DiagnosticTests
{
    [Theory]
    [InlineData("", "the first line is not 'quantize-signature'")]
    [InlineData("quantize-signature\t9\n", "the signature has version '9'")]
    [InlineData("quantize-signature\t1\nclass\tX\n", "it has no signature")]
    [InlineData("quantize-signature\t1\nclass\tX\ninput\tx\n", "a tensor stands before the first signature")]
    [InlineData("quantize-signature\t1\nclass\tX\nsignature\ts\noutput\ty\n", "the line 'output' has 1 fields")]
    [InlineData("quantize-signature\t1\nclass\tX\nsignature\ts\noutput\ty\ty\tFloat32\t3\tmuch\t0\n", "'much' is not a scale")]
    [InlineData("quantize-signature\t1\nclass\tX\nsignature\ts\n", "the signature 's' has no output")]
    [InlineData("quantize-signature\t1\nclass\tX\nsignature\ts\noutput\ty\ty\tFloat32\t65536 65536\t0\t0\n", "more elements than an array can have")]
    [InlineData("quantize-signature\t1\nclass\tX\\q\n", "a backslash that escapes nothing")]
    public void An_unreadable_signature(string text, string reason) => Single("QNT5001", reason, new TestProject().AddText("/obj/x.signature", text));

    [Theory]
    [InlineData("String")]
    [InlineData("Complex64")]
    [InlineData("Int4")]
    [InlineData("Nonsense")]
    public void Elements_that_spans_cannot_carry(string type) => Single(
        "QNT5002",
        $"tensor 'text' of the signature 'parse' has elements of type {type}",
        TestProject.With(Model("X", Mnist.Methods[0], Method("parse", [Tensor("text", type, "batch")], [Tensor("y", "Float32", "batch")]))));

    [Fact]
    public void All_of_them_are_told_at_once() => Assert.Equal(
        ["QNT5003", "QNT5002", "QNT5002"],
        TestProject.With(Model("1", Method("s", [Tensor("a", "String", "1")], [Tensor("b", "String", "1")])))
            .Generate().Diagnostics.Select(diagnostic => diagnostic.Id));

    [Theory]
    [InlineData("1x", "MyApp", "'1x' cannot be the name of a class")]
    [InlineData("", "MyApp", "'' cannot be the name of a class")]
    [InlineData("class", "MyApp", "'class' cannot be the name of a class")]
    [InlineData("X", "My App", "'My App' cannot be the name of a namespace")]
    [InlineData("X", "A..B", "'A..B' cannot be the name of a namespace")]
    public void Names_that_are_none(string name, string space, string reason) =>
        Single("QNT5003", reason, TestProject.With(Mnist with { ClassName = name, Namespace = space }));

    [Fact]
    public void Two_models_of_one_name()
    {
        (IReadOnlyList<string> sources, System.Collections.Immutable.ImmutableArray<Diagnostic> diagnostics, _) =
            TestProject.With(Mnist, Mnist with { ClassName = "mnistmodel" }, TestSignatures.Fixed).Generate();
        Assert.Equal(["QNT5004", "QNT5004"], diagnostics.Select(diagnostic => diagnostic.Id));
        Assert.Contains("FilterModel", Assert.Single(sources), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("public class MnistModel;")]
    [InlineData("public static class MnistModel { }")]
    [InlineData("public partial struct MnistModel;")]
    [InlineData("public enum MnistModel;")]
    public void A_type_in_the_way(string type) =>
        Single("QNT5004", "the project has a type of that name", TestProject.With(Mnist).AddSource($"namespace MyApp {{ {type} }}"));

    [Fact]
    public void A_part_of_the_class_in_the_project_is_welcome_and_tells_its_accessibility()
    {
        string source = TestProject.With(Mnist)
            .AddSource("namespace MyApp { internal static partial class MnistModel { internal static int Digits => ProbabilitiesSize; } }")
            .GenerateClean();
        Assert.Contains("\nstatic partial class MnistModel", source, StringComparison.Ordinal);
        TestProject.With(Mnist).AddSource("namespace MyApp { static partial class MnistModel; }").GenerateClean();
    }

    [Fact]
    public void An_old_language() => Single("QNT5005", "compiled as C# 11.0", new TestProject { Language = LanguageVersion.CSharp11 }.Add(Mnist));

    [Fact]
    public void No_runtime() => Single("QNT5006", "does not reference Quantize.Runtime", new TestProject { HasRuntime = false }.Add(Mnist));

    [Fact]
    public void Files_that_are_not_marked_are_none_of_ours()
    {
        (IReadOnlyList<string> sources, System.Collections.Immutable.ImmutableArray<Diagnostic> diagnostics, _) =
            new TestProject().AddText("/unmarked/x.signature", "words").AddText("/x.txt", "words").Generate();
        Assert.Empty(sources);
        Assert.Empty(diagnostics);
    }

    [Fact]
    public void Each_of_the_generators_diagnostics_has_its_page() => Assert.All(
        DiagnosticTable.All.Where(entry => entry.Id.StartsWith("QNT5", StringComparison.Ordinal)),
        entry => Assert.True(File.Exists(Path.Combine(Quantize.Tests.Repository.Root, "docs", "diagnostics", entry.Id + ".md")), entry.Id));

    private static void Single(string id, string words, TestProject project)
    {
        (IReadOnlyList<string> sources, System.Collections.Immutable.ImmutableArray<Diagnostic> diagnostics, _) = project.Generate();
        Diagnostic diagnostic = Assert.Single(diagnostics);
        Assert.Equal(id, diagnostic.Id);
        Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity);
        Assert.Contains(words, diagnostic.GetMessage(), StringComparison.Ordinal);
        Assert.EndsWith(".signature", diagnostic.Location.GetLineSpan().Path, StringComparison.Ordinal);
        Assert.Empty(sources);
    }
}
