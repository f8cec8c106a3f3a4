using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using Quantize.Build;

namespace Quantize.Generator;

/// <summary>Writes a class for every model of the project, from the signature text that the conversion left; the model itself is never read.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class ModelClassGenerator : IIncrementalGenerator
{
    /// <summary>Names of the steps, for the test that they cache.</summary>
    public const string SignatureStep = "Signature", ProjectStep = "Project", ClassStep = "ClassInProject", SupplierStep = "OperatorSupplier";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<SignatureFile> files = context.AdditionalTextsProvider
            .Combine(context.AnalyzerConfigOptionsProvider)
            .Where(static pair => SignatureFile.IsMarked(pair.Left, pair.Right))
            .Select(static (pair, _) => pair.Left)
            .Select(SignatureFile.Read)
            .WithTrackingName(SignatureStep);
        IncrementalValueProvider<ProjectFacts> facts = context.CompilationProvider.Select(ProjectFacts.Of).WithTrackingName(ProjectStep);
        IncrementalValueProvider<LanguageVersion> language = context.ParseOptionsProvider.Select(ProjectFacts.Language);
        IncrementalValueProvider<ImmutableArray<string>> names = files.Select(static (file, _) => file.FullClassName).Collect();
        IncrementalValueProvider<EquatableArray<ClassInProject>> inProject = context.CompilationProvider
            .Combine(names)
            .Select(static (pair, cancellation) => ClassInProject.All(pair.Left, pair.Right.Concat(pair.Right.Select(SimpleName)), cancellation))
            .WithTrackingName(ClassStep);
        IncrementalValueProvider<ImmutableArray<string>> supplierNames = files.Select(static (file, _) => file.Signature?.CustomOperators ?? "").Collect();
        IncrementalValueProvider<EquatableArray<OperatorSupplier>> suppliers = context.CompilationProvider
            .Combine(supplierNames)
            .Select(static (pair, cancellation) => OperatorSupplier.All(pair.Left, pair.Right, cancellation))
            .WithTrackingName(SupplierStep);
        IncrementalValueProvider<ProjectState> project = names.Combine(inProject).Combine(suppliers).Combine(facts).Combine(language)
            .Select(static (all, _) => new ProjectState(new(all.Left.Left.Left.Left), all.Left.Left.Left.Right, all.Left.Left.Right, all.Left.Right, all.Right));

        context.RegisterSourceOutput(files.Combine(project), static (output, pair) => Write(output, pair.Left, pair.Right));
    }

    private static void Write(SourceProductionContext output, SignatureFile file, ProjectState project)
    {
        IReadOnlyList<ModelDiagnostic> wrong = SignatureChecks.Check(file, project);
        foreach (ModelDiagnostic diagnostic in wrong)
            output.ReportDiagnostic(GeneratorDiagnostics.ToRoslyn(diagnostic));
        if (wrong.Count > 0)
            return;

        bool accessibilityIsTold = project.Classes.Any(type => type.Name == file.FullClassName && type.TellsAccessibility);
        var context = new ClassContext(accessibilityIsTold ? "" : "public ", IsOnlyOne(file, project), project.Facts.HasTensors, [.. project.Facts.Operators], project.Supplier(file)?.Code ?? "");
        output.AddSource(FileName(file.FullClassName), SourceText.From(ClassWriter.Write(new ClassModel(file.Signature!), context), Encoding.UTF8));
    }

    private static bool IsOnlyOne(SignatureFile file, ProjectState project)
    {
        string simple = SimpleName(file.FullClassName);
        return simple != file.FullClassName && project.ClassNames.Count(name => SimpleName(name) == simple) == 1 && !project.Classes.Any(type => type.Name == simple);
    }

    private static string SimpleName(string className) => className.Substring(className.LastIndexOf('.') + 1);

    /// <summary>The compiler takes letters and digits.</summary>
    private static string FileName(string className) => string.Concat(className.Select(c => c == '.' || char.IsLetterOrDigit(c) ? c : '_')) + ".g.cs";
}
