using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Quantize.Generator.Tests;

/// <summary>A keystroke elsewhere in the project writes no class anew.</summary>
public sealed class CachingTests
{
    private static readonly IncrementalStepRunReason[] s_cached = [IncrementalStepRunReason.Cached, IncrementalStepRunReason.Unchanged];

    [Fact]
    public void An_unrelated_source_file_changes_nothing()
    {
        TestProject project = TestProject.With(TestSignatures.Mnist);
        CSharpCompilation compilation = project.Compilation();
        GeneratorDriver driver = project.Driver().RunGenerators(compilation);

        GeneratorRunResult result = driver
            .RunGenerators(compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText("class Unrelated;", project.ParseOptions)))
            .GetRunResult().Results.Single();

        AssertCached(result, ModelClassGenerator.SignatureStep);
        AssertCached(result, ModelClassGenerator.ProjectStep);
        AssertCached(result, ModelClassGenerator.ClassStep);
        AssertCached(result, ModelClassGenerator.SupplierStep);
        Assert.All(OutputReasons(result), reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
    }

    [Fact]
    public void Another_file_among_the_additional_ones_changes_nothing()
    {
        TestProject project = TestProject.With(TestSignatures.Mnist);
        GeneratorDriver driver = project.Driver().RunGenerators(project.Compilation());
        AdditionalText other = new TestProject().AddText("/notes.txt", "words").Texts.Single();

        GeneratorRunResult result = driver.AddAdditionalTexts([other]).RunGenerators(project.Compilation()).GetRunResult().Results.Single();

        AssertCached(result, ModelClassGenerator.SignatureStep);
        Assert.All(OutputReasons(result), reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
    }

    [Fact]
    public void The_same_text_written_anew_writes_no_class()
    {
        TestProject project = TestProject.With(TestSignatures.Mnist);
        GeneratorDriver driver = project.Driver().RunGenerators(project.Compilation());
        AdditionalText again = TestProject.With(TestSignatures.Mnist).Texts.Single();

        GeneratorRunResult result = driver.ReplaceAdditionalText(project.Texts.Single(), again)
            .RunGenerators(project.Compilation()).GetRunResult().Results.Single();

        AssertCached(result, ModelClassGenerator.SignatureStep);
        Assert.All(OutputReasons(result), reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
    }

    [Fact]
    public void Another_signature_writes_its_class_alone()
    {
        TestProject project = TestProject.With(TestSignatures.Mnist, TestSignatures.Fixed);
        GeneratorDriver driver = project.Driver().RunGenerators(project.Compilation());
        AdditionalText changed = TestProject.With(TestSignatures.Mnist with { ModelBytes = 1 }).Texts.Single();

        GeneratorRunResult result = driver.ReplaceAdditionalText(project.Texts.First(), changed)
            .RunGenerators(project.Compilation()).GetRunResult().Results.Single();

        Assert.Equal(
            [IncrementalStepRunReason.Modified, IncrementalStepRunReason.Cached],
            OutputReasons(result));
    }

    private static IEnumerable<IncrementalStepRunReason> OutputReasons(GeneratorRunResult result) =>
        result.TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(step => step.Outputs).Select(output => output.Reason);

    private static void AssertCached(GeneratorRunResult result, string step) =>
        Assert.All(result.TrackedSteps[step].SelectMany(run => run.Outputs), output => Assert.Contains(output.Reason, s_cached));
}
