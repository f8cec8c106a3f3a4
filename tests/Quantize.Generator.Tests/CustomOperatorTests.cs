using Microsoft.CodeAnalysis;
using Quantize.Build;
using static Quantize.Generator.Tests.TestSignatures;

namespace Quantize.Generator.Tests;

/// <summary>Models with operators that the project itself has.</summary>
public sealed class CustomOperatorTests
{
    private const string Operators = """
        namespace MyApp;

        internal static class AudioOperators
        {
            public static System.Collections.Generic.IReadOnlyList<Quantize.Runtime.CustomOperator> All { get; } = [new("Twice", Prepare)];

            private static Quantize.Runtime.CustomKernel Prepare(Quantize.Runtime.CustomOperatorContext context)
            {
                context.SetOutputShape(0, context.InputShape(0));
                return run =>
                {
                    System.ReadOnlySpan<float> source = run.Input<float>(0);
                    System.Span<float> target = run.Output<float>(0);
                    for (int i = 0; i < target.Length; i++)
                        target[i] = 2 * source[i];
                };
            }
        }
        """;

    private static readonly ModelSignature s_audio = Model("AudioModel", Method("serving_default", [Tensor("x", "Float32", "3")], [Tensor("y", "Float32", "3")])) with
    {
        CustomOperators = "MyApp.AudioOperators",
    };

    private static readonly byte[] s_file = TinyModel.Write(s_audio, [TinyOperator.Custom("Twice", "x", "y")]);

    [Theory]
    [InlineData("")]
    [InlineData("Neg")]
    public void The_class_that_the_item_names_has_them(string operatorsOfTheRuntime)
    {
        ModelSignature signature = s_audio with { Operators = new(operatorsOfTheRuntime.Split(' ', StringSplitOptions.RemoveEmptyEntries)) };
        Assert.Equal("2 4 6", TestProject.With(signature).AddResource(signature.ResourceName, s_file).AddSource(Operators)
            .AddSource(CallTests.Program("""return string.Join(" ", AudioModel.Predict(new float[] { 1, 2, 3 }).Y);""")).Run());
    }

    [Fact]
    public void One_that_is_missing_there_is_told_by_name() => Assert.Contains("Once", (string)TestProject.With(s_audio)
        .AddResource(s_audio.ResourceName, TinyModel.Write(s_audio, [TinyOperator.Custom("Once", "x", "y")]))
        .AddSource(Operators)
        .AddSource(CallTests.Program("try { AudioModel.Predict(new float[3]); return \"nothing\"; } catch (Exception e) { return e.Message; }"))
        .Run()!);

    [Theory]
    [InlineData("", "which neither the project nor what it references has")]
    [InlineData("namespace MyApp; class AudioOperators { }", "which has no such 'All'")]
    [InlineData("namespace MyApp; class AudioOperators { public object? All => null; }", "which has no such 'All'")]
    [InlineData("namespace MyApp; class AudioOperators { private static object? All => null; }", "which has no such 'All'")]
    [InlineData("namespace MyApp; class AudioOperators { public static object? All => null; }", "whose 'All' has the type object")]
    public void What_cannot_be_used_is_told_with_its_fact(string source, string fact)
    {
        (IReadOnlyList<string> sources, IReadOnlyList<Diagnostic> diagnostics, _) = TestProject.With(s_audio).AddSource(source).Generate();
        Diagnostic diagnostic = Assert.Single(diagnostics);
        Assert.Equal("QNT5007", diagnostic.Id);
        Assert.Contains($"names the class 'MyApp.AudioOperators', {fact}", diagnostic.GetMessage());
        Assert.Empty(sources);
    }

    [Fact]
    public void A_name_that_is_none_is_no_code()
    {
        (IReadOnlyList<string> sources, IReadOnlyList<Diagnostic> diagnostics, _) = TestProject.With(s_audio with { CustomOperators = "A(); } //" }).Generate();
        Assert.Equal(("QNT5007", 0), (Assert.Single(diagnostics).Id, sources.Count));
    }

    [Fact]
    public void A_field_of_an_array_will_do() => TestProject.With(s_audio)
        .AddSource("namespace MyApp; class AudioOperators { internal static readonly Quantize.Runtime.CustomOperator[] All = []; }").GenerateClean();

    [Fact]
    public void The_name_crosses_in_the_signature() => Assert.Equal(s_audio, ModelSignature.Parse(s_audio.Format()));
}
