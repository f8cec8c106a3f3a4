using System.Text;
using Quantize.Runtime.Tests.Kernels;
using Quantize.Tests;

namespace Quantize.Runtime.Tests.Nnapi;

/// <summary>
/// The operator tests of Android's neural networks API, said in TensorFlow Lite. Each case that has a form there must give the expected values; <see cref="NnapiExclusion"/>
/// tells why the others have none.
/// </summary>
public sealed class NnapiTests
{
    private const double LeastApplicable = 0.85;

    public static TheoryData<string> Cases => [.. Applicable];

    private static IEnumerable<string> Applicable => NnapiCase.All.Values.Where(test => NnapiExclusion.Of(test) is null).Select(test => test.Name);

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Cases))]
    public void A_case_gives_the_expected_values(string name)
    {
        NnapiOutcome outcome = NnapiRun.Of(NnapiCase.All[name]);
        Assert.Equal("", outcome.Reason);
        Assert.True(outcome.CodesAreEqual == !NnapiSteps.Reasons.ContainsKey(name),
            outcome.CodesAreEqual ? "has the expected codes; take it off the table of steps" : "codes are one step from the expected ones");
    }

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Every_instruction_set_gives_the_expected_values(string row)
    {
        Repository.Shared("data", "nnapi_vts");
        string[] failed = [.. Applicable.Select(name => (name, Outcome: NnapiRun.Of(NnapiCase.All[name], row)))
            .Where(result => !result.Outcome.Passes || result.Outcome.CodesAreEqual == NnapiSteps.Reasons.ContainsKey(result.name))
                .Select(result => $"{result.name}: {result.Outcome.Reason}")];
        Assert.True(failed.Length == 0, $"on {row}: {string.Join('\n', failed)}");
    }

    /// <summary>The last operation of a case whose first ones TensorFlow Lite does not have: they make an empty tensor, which is given to it.</summary>
    [Fact]
    public void What_follows_an_empty_tensor_runs()
    {
        Repository.Shared("data", "nnapi_vts");
        NnapiCase[] tests = [.. NnapiCase.All.Values.Where(test => test.Operations.Length > 1 && NnapiExclusion.Of(test) is not null)
            .Select(test => test with { Operations = [test.Operations[^1]] })];
        string[] failed = [.. tests.Select(test => (test.Name, Outcome: NnapiRun.Of(test))).Where(result => !result.Outcome.Passes)
            .Select(result => $"{result.Name}: {result.Outcome.Reason}")];
        Assert.NotEmpty(tests);
        Assert.True(failed.Length == 0, string.Join('\n', failed));
    }

    [Fact]
    public void Each_reason_for_an_exclusion_still_fits()
    {
        Repository.Shared("data", "nnapi_vts");
        Assert.All(NnapiExclusion.All, exclusion => Assert.Contains(NnapiCase.All.Values, test => exclusion.Applies(test)));
        Assert.Subset(NnapiCase.All.Keys.ToHashSet(), NnapiSteps.Reasons.Keys.ToHashSet());
        Assert.All(NnapiCase.All.Values.Where(test => NnapiExclusion.Of(test) is not null), test => Assert.NotEqual("", NnapiRun.Of(test).Reason));
    }

    [Fact]
    public void The_counts_are_printed()
    {
        Repository.Shared("data", "nnapi_vts");
        var report = new StringBuilder();
        (NnapiCase Case, NnapiOutcome? Outcome)[] results = [.. NnapiCase.All.Values.Select(test => (test, NnapiExclusion.Of(test) is null ? NnapiRun.Of(test) : null))];
        foreach ((NnapiCase test, NnapiOutcome? outcome) in results.Where(result => result.Outcome is { Passes: false }))
            report.AppendLine($"fails {test.Name}: {outcome!.Reason}");
        foreach (var group in results.GroupBy(result => result.Case.Type).OrderBy(group => group.Key, StringComparer.Ordinal).Append(results.GroupBy(_ => "all").First()))
        {
            int Count(Func<NnapiOutcome, bool> what) => group.Count(result => result.Outcome is { } outcome && what(outcome));
            int passed = Count(outcome => outcome.Passes), applicable = Count(_ => true), equal = Count(outcome => outcome.IsEqual);
            report.AppendLine($"{group.Key}: {passed} passed of {applicable} applicable of {group.Count()} ({equal} equal to the last digit)");
        }

        TestContext.Current.TestOutputHelper!.WriteLine(report.ToString());
        Assert.True(results.Count(result => result.Outcome is not null) >= LeastApplicable * results.Length);
    }
}
