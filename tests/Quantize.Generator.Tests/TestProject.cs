using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using Quantize.Build;

namespace Quantize.Generator.Tests;

/// <summary>A project with models, compiled in memory as strictly as a compiler can; its assembly can be run.</summary>
internal sealed class TestProject
{
    private static readonly string[] s_platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);

    private readonly List<AdditionalText> _texts = [];
    private readonly List<SyntaxTree> _sources = [];
    private readonly List<ResourceDescription> _resources = [];

    public LanguageVersion Language { get; init; } = LanguageVersion.CSharp12;

    public bool HasTensors { get; init; }

    public bool HasRuntime { get; init; } = true;

    public CSharpParseOptions ParseOptions => new(Language, DocumentationMode.Diagnose);

    public IEnumerable<AdditionalText> Texts => _texts;

    public static TestProject With(params ModelSignature[] signatures) => new TestProject().Add(signatures);

    public TestProject Add(params ModelSignature[] signatures)
    {
        foreach (ModelSignature signature in signatures)
            AddText($"/obj/quantize/{_texts.Count}.signature", signature.Format());
        return this;
    }

    public TestProject AddText(string path, string content)
    {
        _texts.Add(new MemoryText(path, content));
        return this;
    }

    public TestProject AddSource(string source)
    {
        _sources.Add(CSharpSyntaxTree.ParseText(source, ParseOptions, $"Source{_sources.Count}.cs"));
        return this;
    }

    public TestProject AddResource(string name, byte[] content)
    {
        _resources.Add(new ResourceDescription(name, () => new MemoryStream(content), isPublic: true));
        return this;
    }

    public CSharpGeneratorDriver Driver() => CSharpGeneratorDriver.Create(
        [new ModelClassGenerator().AsSourceGenerator()],
        _texts,
        ParseOptions,
        new MarkedOptions(),
        new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    public CSharpCompilation Compilation() => CSharpCompilation.Create(
        "MyApp",
        _sources,
        s_platform.Where(IsReferenced).Select(path => MetadataReference.CreateFromFile(path)),
        new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            optimizationLevel: OptimizationLevel.Release,
            generalDiagnosticOption: ReportDiagnostic.Error,
            warningLevel: 9999,
            nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>The generated files, with the product's version taken out, and what the generator and the compiler had to say.</summary>
    public (IReadOnlyList<string> Sources, ImmutableArray<Diagnostic> Diagnostics, Compilation Output) Generate()
    {
        GeneratorDriver driver = Driver().RunGeneratorsAndUpdateCompilation(Compilation(), out Compilation output, out ImmutableArray<Diagnostic> diagnostics);
        GeneratorRunResult result = driver.GetRunResult().Results.Single();
        Assert.Null(result.Exception);
        string version = typeof(ModelClassGenerator).Assembly.GetName().Version!.ToString(3);
        return ([.. result.GeneratedSources.Select(source => source.SourceText.ToString().Replace($"\"{version}\"", "\"VERSION\""))], diagnostics, output);
    }

    /// <summary>The only generated file; the generator and the compiler must have nothing to say of it.</summary>
    public string GenerateClean()
    {
        (IReadOnlyList<string> sources, ImmutableArray<Diagnostic> diagnostics, Compilation output) = Generate();
        Assert.Empty(diagnostics);
        Diagnostic[] said = [.. output.GetDiagnostics().Where(diagnostic => diagnostic.Severity != DiagnosticSeverity.Hidden)];
        Assert.True(said.Length == 0, string.Join('\n', said.Select(diagnostic => diagnostic.ToString())) + "\n\n" + string.Join('\n', sources));
        return string.Join('\n', sources);
    }

    /// <summary>Compiles and runs <c>MyApp.Test.Run()</c> of the sources.</summary>
    public object? Run()
    {
        GenerateClean();
        using var image = new MemoryStream();
        Assert.True(Generate().Output.Emit(image, manifestResources: _resources).Success);
        image.Position = 0;
        Assembly assembly = new AssemblyLoadContext("test").LoadFromStream(image);
        try
        {
            return assembly.GetType("MyApp.Test")!.GetMethod("Run")!.Invoke(null, null);
        }
        catch (TargetInvocationException exception) when (exception.InnerException is { } inner)
        {
            throw new InvalidOperationException(inner.ToString(), inner);
        }
    }

    private bool IsReferenced(string path) => Path.GetFileNameWithoutExtension(path) switch
    {
        "System.Numerics.Tensors" => HasTensors,
        "Quantize.Runtime" => HasRuntime,
        "Quantize.Generator" or "Quantize.Generator.Tests" => false,
        _ => true,
    };

    private sealed class MemoryText(string path, string content) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(content);
    }

    /// <summary>Every text whose path has no <c>unmarked</c> in it is a model's.</summary>
    private sealed class MarkedOptions : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Options([]);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) =>
            textFile.Path.Contains("unmarked") ? GlobalOptions : new Options(new() { ["build_metadata.AdditionalFiles.QuantizeModel"] = "true" });

        private sealed class Options(Dictionary<string, string> values) : AnalyzerConfigOptions
        {
            public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value) => values.TryGetValue(key, out value);
        }
    }
}
