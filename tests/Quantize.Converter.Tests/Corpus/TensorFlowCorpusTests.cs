using System.Text;
using Quantize.Tests;

namespace Quantize.Converter.Tests.Corpus;

/// <summary>
/// Every case of the corpus, float and quantized. A case that does not pass yet stands in <c>open-cases.txt</c>; one that stands there and passes fails the test, so
/// the list only gets shorter. <c>QUANTIZE_CORPUS=family</c> (or <c>all</c>) prints why each of a family's cases does not pass.
/// </summary>
public sealed class TensorFlowCorpusTests
{
    [Fact]
    public void Float_conversions_give_TensorFlows_results_in_every_case_that_is_not_open() => Check("float", CaseRun.Float);

    [Fact]
    public void Quantized_conversions_stay_within_the_bounds_in_every_case_that_is_not_open() => Check("quantized", CaseRun.Quantized);

    private static void Check(string form, Func<TensorFlowCase, string> run)
    {
        Repository.Shared("data", "tf_ops");
        HashSet<string> open = [.. File.ReadAllLines(Path.Combine(Repository.Root, "tests", "Quantize.Converter.Tests", "Corpus", "open-cases.txt"))];
        string? wanted = Environment.GetEnvironmentVariable("QUANTIZE_CORPUS");
        TensorFlowCase[] cases = [.. TensorFlowCase.All().Where(test => test.Family != "unsupported" && (wanted is null or "all" || test.Family == wanted))];
        string[] reasons = [.. cases.AsParallel().AsOrdered().Select(test => Reason(test, run))];
        var report = new StringBuilder();
        var wrong = new StringBuilder();
        for (int i = 0; i < cases.Length; i++)
        {
            bool passes = reasons[i].Length == 0, isOpen = open.Contains($"{form} {cases[i].Id}");
            if (passes && isOpen)
                wrong.AppendLine($"{form} {cases[i].Id}: passes; take it off open-cases.txt");
            if (!passes && !isOpen)
                wrong.AppendLine($"{form} {cases[i].Id}: {reasons[i]}");
            if (!passes && wanted is not null)
                report.AppendLine($"{form} {cases[i].Id}: {reasons[i]}");
        }

        foreach (IGrouping<string, int> family in Enumerable.Range(0, cases.Length).GroupBy(i => cases[i].Family))
            report.AppendLine($"{form} {family.Key}: {family.Count(i => reasons[i].Length == 0)} of {family.Count()}");
        report.AppendLine($"{form}: {reasons.Count(reason => reason.Length == 0)} of {cases.Length} cases");
        TestContext.Current.TestOutputHelper!.WriteLine(report.ToString());
        Assert.True(wrong.Length == 0, wrong.ToString());
    }

    private static string Reason(TensorFlowCase test, Func<TensorFlowCase, string> run)
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
            return $"{exception.GetType().Name}: {exception.Message}";
        }
    }
}
