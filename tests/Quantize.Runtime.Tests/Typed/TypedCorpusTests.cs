using System.Text;
using Quantize.Runtime.Tests.Kernels;
using Quantize.Tests;

namespace Quantize.Runtime.Tests.Typed;

/// <summary>
/// Every case of the corpus of typed models. A case that does not pass yet stands in <c>open-cases.txt</c>, a case of integers that passes but not to the bit in
/// <c>close-cases.txt</c>; one that does better than its list says fails the test, so the lists only get shorter. <c>QUANTIZE_CORPUS=family</c> (or <c>all</c>)
/// prints why the cases of a family do not pass, and the counts.
/// </summary>
public sealed class TypedCorpusTests
{
    private static readonly HashSet<string> s_open = Lines("open-cases.txt");
    private static readonly HashSet<string> s_close = Lines("close-cases.txt");

    public static TheoryData<string> Cases => [.. TypedCase.All.Keys];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Cases))]
    public void A_case_agrees_with_Googles_kernels_as_its_list_says(string path)
    {
        TypedOutcome outcome = TypedRun.Of(TypedCase.All[path]);
        if (s_open.Contains(path))
            Assert.False(outcome.Passes, "passes; take it off open-cases.txt");
        else
            Assert.True(outcome.Passes, outcome.Reason);
        if (s_close.Contains(path))
            Assert.True(outcome.Agreement == Agreement.Close, "is equal to the bit; take it off close-cases.txt");
        else
            Assert.False(outcome.Agreement == Agreement.Close && HasCodes(TypedCase.All[path]), "is within a step, but not equal to the bit");
    }

    /// <summary>Equal to Google's integers on each row: so they are equal to each other.</summary>
    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Every_instruction_set_gives_the_same_integers(string row)
    {
        Repository.Shared("data", "tflite_typed");
        string[] different = [.. TypedCase.All.Values
            .Where(test => HasCodes(test) && !test.IsRefused && !s_open.Contains(test.Path) && !s_close.Contains(test.Path))
            .Where(test => TypedRun.Of(test, row).Agreement is not (Agreement.Optimized or Agreement.Reference))
            .Select(test => test.Path)];
        Assert.True(different.Length == 0, $"on {row}: {string.Join(", ", different)}");
    }

    [Fact]
    public void The_lists_name_cases_of_the_corpus()
    {
        Repository.Shared("data", "tflite_typed");
        Assert.Subset(TypedCase.All.Keys.ToHashSet(), s_open.Concat(s_close).ToHashSet());
    }

    [Fact]
    public void The_counts_are_printed_where_asked_for()
    {
        Repository.Shared("data", "tflite_typed");
        string wanted = Environment.GetEnvironmentVariable("QUANTIZE_CORPUS") ?? "all";
        var report = new StringBuilder();
        (TypedCase Case, TypedOutcome Outcome)[] results = [.. TypedCase.All.Values.Where(test => wanted == "all" || test.Family == wanted).Select(test => (test, TypedRun.Of(test)))];
        foreach ((TypedCase test, TypedOutcome outcome) in results.Where(result => !result.Outcome.Passes))
            report.AppendLine($"open {test.Path}: {outcome.Reason}");
        foreach ((TypedCase test, _) in results.Where(result => result.Outcome.Agreement == Agreement.Close && HasCodes(result.Case)))
            report.AppendLine($"close {test.Path}");
        foreach ((TypedCase test, _) in results.Where(result => result.Outcome.Agreement == Agreement.Reference && HasCodes(result.Case)))
            report.AppendLine($"reference {test.Path}");
        Count(report, results, test => test.Family);
        Count(report, results, test => test.Scheme);
        Count(report, results, _ => "all");
        TestContext.Current.TestOutputHelper!.WriteLine(report.ToString());
        Assert.NotEmpty(results);
    }

    private static void Count(StringBuilder report, (TypedCase Case, TypedOutcome Outcome)[] results, Func<TypedCase, string> key)
    {
        foreach (var group in results.GroupBy(result => key(result.Case)).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            int Of(Agreement agreement) => group.Count(result => result.Outcome.Agreement == agreement);
            report.AppendLine(
                $"{group.Key}: {group.Count(result => result.Outcome.Passes)} of {group.Count()} ({Of(Agreement.Optimized)} equal to the optimized kernels, {Of(Agreement.Reference)} to the reference kernels, "
                + $"{Of(Agreement.Close)} close, {Of(Agreement.Refused)} refused)");
        }
    }

    /// <summary>Whether some output is made of codes: there, and only there, equality to the bit is asked for.</summary>
    private static bool HasCodes(TypedCase test) =>
        test.Oracle == "out" && test.Entry.TryGetProperty("outputs", out var outputs) && outputs.EnumerateArray().Any(output => output.GetProperty("dtype").GetString() is "int8" or "uint8" or "int16");

    private static HashSet<string> Lines(string file) => [.. File.ReadAllLines(Path.Combine(Repository.Root, "tests", "Quantize.Runtime.Tests", "Typed", file)).Where(line => line.Length > 0)];
}
