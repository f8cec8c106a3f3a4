using System.Text;
using System.Text.RegularExpressions;
using Quantize.Runtime.Format;
using Quantize.Runtime.Ops;
using Quantize.Tests;

namespace Quantize.Runtime.Tests.Operators;

/// <summary>docs/tflite-operators.md is made by running each operator of the table in each form; <c>QUANTIZE_WRITE_DOCS=1</c> writes it anew.</summary>
public sealed partial class OperatorPageTests
{
    private static readonly string s_page = Path.Combine(Repository.Root, "docs", "tflite-operators.md");

    [Fact]
    public void The_page_says_what_runs()
    {
        string page = Page();
        if (Environment.GetEnvironmentVariable("QUANTIZE_WRITE_DOCS") == "1")
            File.WriteAllText(s_page, page);
        Assert.Equal(page, File.ReadAllText(s_page).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Each_code_of_the_schema_is_an_operator_or_has_a_reason()
    {
        BuiltinOperator[] codes = Enum.GetValues<BuiltinOperator>();
        Assert.Equal(OperatorTable.All.Rows.Select(row => row.Code), OperatorProbes.All.Keys.Order());
        Assert.All(codes, code => Assert.True(OperatorTable.All.Has(code) != OperatorsLeftOut.Has(code), $"{code} must be in the table of operators or in that of reasons"));
    }

    [Fact]
    public void Each_operator_runs_in_some_form() => Assert.All(
        OperatorProbes.All.Keys, code => Assert.True(Array.Exists(ProbeForm.All, form => OperatorProbe.Runs(code, form, out _)), Refusal(code)));

    [Fact]
    public void What_runs_with_constant_weights_runs_with_weights_that_are_inputs()
    {
        List<string> refused = [];
        foreach (BuiltinOperator code in OperatorProbes.All.Keys)
        {
            foreach (ProbeForm form in ProbeForm.All.Where(form => OperatorProbe.IsMeant(code, form) && OperatorProbe.Runs(code, form, out _)))
            {
                if (!OperatorProbe.Runs(code, form, out string refusal, weightsAreInputs: true))
                    refused.Add($"{form.Name}: {refusal}");
            }
        }

        Assert.True(refused.Count == 0, string.Join('\n', refused));
    }

    private static string Refusal(BuiltinOperator code)
    {
        OperatorProbe.Runs(code, ProbeForm.All[0], out string refusal);
        return refusal;
    }

    private static string Page()
    {
        var page = new StringBuilder();
        Dictionary<BuiltinOperator, string> names = SchemaNames();
        page.Append("# TensorFlow Lite operators\n\n");
        page.Append($"The {names.Count} builtin operators that run, and the types of what they compute with; `·` where a column says nothing about an operator.\n");
        page.Append("Weights stored as float16 are widened by DEQUANTIZE. A hybrid operator multiplies float activations by integer weights; beside 16-bit activations\n");
        page.Append("weights have 8 bits. How integers are rounded: [integer models](integer-models.md).\n\n");
        page.Append($"| | {string.Join(" | ", ProbeForm.All.Select(form => form.Name))} |\n|---|{string.Concat(ProbeForm.All.Select(_ => ":-:|"))}\n");
        foreach ((BuiltinOperator code, string name) in names.OrderBy(name => name.Value, StringComparer.Ordinal))
            page.Append($"| {name} | {string.Join(" | ", ProbeForm.All.Select(form => Cell(code, form)))} |\n");
        page.Append("\nNo type of the columns: ");
        page.AppendJoin("; ", names.Where(name => !Array.Exists(ProbeForm.All, form => OperatorProbe.IsMeant(name.Key, form))).OrderBy(name => name.Value, StringComparer.Ordinal)
            .Select(name => name.Key == BuiltinOperator.CallOnce ? $"{name.Value} has no tensors"
                : $"{name.Value} reads {OperatorProbe.FixedType(name.Key).ToString().ToLowerInvariant()}"));
        page.Append(".\n\n## What is left out\n\n| | |\n|---|---|\n");
        foreach (BuiltinOperator code in Enum.GetValues<BuiltinOperator>().Where(OperatorsLeftOut.Reasons.ContainsKey))
            page.Append($"| {SchemaName(code)} | {OperatorsLeftOut.Reasons[code]} |\n");
        page.Append($"| other STABLEHLO_... ({Enum.GetValues<BuiltinOperator>().Count(OperatorsLeftOut.IsStableHlo)} codes) | {OperatorsLeftOut.StableHlo} |\n");
        return page.ToString();
    }

    private static string Cell(BuiltinOperator code, ProbeForm form) => !OperatorProbe.IsMeant(code, form) ? "·" : OperatorProbe.Runs(code, form, out _) ? "yes" : " ";

    /// <summary>The names of the operators as their public list tells them.</summary>
    private static Dictionary<BuiltinOperator, string> SchemaNames()
    {
        string list = File.ReadAllText(Path.Combine(Repository.Root, "src", "Quantize.Runtime", "OperatorKernels.cs"));
        return SummaryAndProperty().Matches(list).ToDictionary(
            match => ((OperatorKernel)typeof(OperatorKernels).GetProperty(match.Groups[2].Value)!.GetValue(null)!).Definition.Code, match => match.Groups[1].Value);
    }

    /// <summary>An underscore before each capital: how the schema writes the names of the operators that are left out.</summary>
    private static string SchemaName(BuiltinOperator code) => Capital().Replace(code.ToString(), "_$0").ToUpperInvariant();

    [GeneratedRegex(@"<summary>(\w+)</summary>\s+public static OperatorKernel (\w+)")]
    private static partial Regex SummaryAndProperty();

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex Capital();
}
