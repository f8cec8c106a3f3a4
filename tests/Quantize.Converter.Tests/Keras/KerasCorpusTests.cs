using System.Text;
using Quantize.Tests;

namespace Quantize.Converter.Tests.Keras;

/// <summary>
/// Every model of the corpus, float and quantized. A case that does not pass yet stands in <c>open-cases.txt</c>; one that stands there and passes fails the test,
/// so the list only gets shorter. <c>QUANTIZE_KERAS=name</c> (a part of a case's name, or <c>all</c>) prints why each case does not pass.
/// </summary>
public sealed class KerasCorpusTests
{
    [Fact]
    public void Float_conversions_give_Keras_results_in_every_case_that_is_not_open() => Check("float", KerasRun.Float);

    [Fact]
    public void Quantized_conversions_stay_within_the_bound_in_every_case_that_is_not_open() => Check("quantized", KerasRun.Quantized);

    private static void Check(string form, Func<KerasCase, string> run)
    {
        Repository.Shared("data", "keras_files");
        HashSet<string> open = [.. File.ReadAllLines(Path.Combine(Repository.Root, "tests", "Quantize.Converter.Tests", "Keras", "open-cases.txt"))];
        string? wanted = Environment.GetEnvironmentVariable("QUANTIZE_KERAS");
        KerasCase[] cases = [.. KerasCase.All().Where(test => test.Expectation == "run" && (wanted is null or "all" || test.Name.Contains(wanted, StringComparison.Ordinal)))];
        string[] reasons = [.. cases.AsParallel().AsOrdered().Select(test => Reason(test, run))];
        var report = new StringBuilder();
        var wrong = new StringBuilder();
        for (int i = 0; i < cases.Length; i++)
        {
            bool passes = reasons[i].Length == 0, isOpen = open.Contains($"{form} {cases[i].Name}");
            if (passes && isOpen)
                wrong.AppendLine($"{form} {cases[i].Name}: passes; take it off open-cases.txt");
            if (!passes && !isOpen)
                wrong.AppendLine($"{form} {cases[i].Name}: {reasons[i]}");
            if (!passes && wanted is not null)
                report.AppendLine($"{form} {cases[i].Name}: {reasons[i]}");
        }

        AppendCounts(report, form, Enumerable.Range(0, cases.Length).Select(i => (cases[i].Format, Passes: reasons[i].Length == 0)));
        if (wanted is not null)
            AppendCounts(report, form, Enumerable.Range(0, cases.Length).SelectMany(i => cases[i].Layers.Select(layer => (layer, reasons[i].Length == 0))));
        report.AppendLine($"{form}: {reasons.Count(reason => reason.Length == 0)} of {cases.Length} cases");
        TestContext.Current.TestOutputHelper!.WriteLine(report.ToString());
        Assert.True(wrong.Length == 0, wrong.ToString());
    }

    private static void AppendCounts(StringBuilder report, string form, IEnumerable<(string Group, bool Passes)> results)
    {
        foreach (IGrouping<string, bool> group in results.GroupBy(result => result.Group, result => result.Passes).OrderBy(group => group.Key, StringComparer.Ordinal))
            report.AppendLine($"{form} {group.Key}: {group.Count(passes => passes)} of {group.Count()}");
    }

    private static string Reason(KerasCase test, Func<KerasCase, string> run)
    {
        try
        {
            return run(test);
        }
        catch (ConversionException exception)
        {
            return string.Join(" | ", exception.Diagnostics.Take(3).Select(diagnostic => diagnostic.Message));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return $"{exception.GetType().Name}: {exception.Message} {exception.StackTrace?.Split('\n').FirstOrDefault()?.Trim()}";
        }
    }
}
