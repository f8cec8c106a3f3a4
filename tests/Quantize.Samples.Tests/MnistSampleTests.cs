using System.Reflection;
using System.Text.RegularExpressions;
using CliWrap;
using CliWrap.Buffered;
using Quantize.Tests;

namespace Quantize.Samples.Tests;

/// <summary>The sample as its readers start it, but with its output in a pipe.</summary>
public sealed class MnistSampleTests(MnistSampleTests.SampleRun run) : IClassFixture<MnistSampleTests.SampleRun>
{
    [Fact]
    public async Task It_ends_well_and_says_nothing_on_standard_error() =>
        Assert.Equal((0, ""), ((await run.Result()).ExitCode, (await run.Result()).StandardError));

    [Fact]
    public async Task It_prints_the_accuracy_after_every_500_pictures()
    {
        string[] lines = await run.Lines();
        string[] rows = [.. lines.Where(line => Regex.IsMatch(line, @"^[0-9,]+ [01]\.[0-9]{6} [01]\.[0-9]{6}$"))];
        Assert.Equal(20, rows.Length);
        Assert.StartsWith("500 0.998000 ", rows[0]);
        Assert.StartsWith("10,000 0.994900 0.99", rows[^1]);
        double quantized = double.Parse(rows[^1].Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(quantized, 0.9949 - 0.0005, 1);
    }

    [Fact]
    public async Task It_compares_sizes_times_and_answers()
    {
        string[] lines = await run.Lines();
        Assert.Matches(@"^Bytes 13,1[0-9]{2},[0-9]{3} 3,2[0-9]{2},[0-9]{3}$", Assert.Single(lines, line => line.StartsWith("Bytes", StringComparison.Ordinal)));
        Assert.Contains(lines, line => Regex.IsMatch(line, @"^Mean time of a picture [0-9.]+ ms [0-9.]+ ms$"));
        Assert.Contains(lines, line => Regex.IsMatch(line, @"^99 % take at most [0-9.]+ ms [0-9.]+ ms$"));
        Assert.Contains(lines, line => line.StartsWith("Quantized, the model is 3.97 times smaller", StringComparison.Ordinal));
        Assert.Contains(lines, line => Regex.IsMatch(line, @"^Both give the same answer to (9,99[0-9]|10,000) of 10,000 pictures\.$"));
    }

    [Fact]
    public async Task It_draws_a_digit_and_names_it()
    {
        string[] lines = await run.Lines();
        Assert.Contains(lines, line => line.StartsWith("Picture 0 shows a 7. Predicted: 7, with probability 0.9", StringComparison.Ordinal));
        Assert.True(lines.Count(line => line.Contains("%%%%", StringComparison.Ordinal)) > 5, "there is no drawing");
    }

    [Fact]
    public async Task Its_output_in_a_pipe_is_plain() => Assert.DoesNotContain((await run.Result()).StandardOutput, character => character is '\u001b' or '\r' or '│');

    /// <summary>One run of the sample for all tests.</summary>
    public sealed class SampleRun
    {
        private readonly Lazy<Task<BufferedCommandResult>> _result = new(Start);

        public Task<BufferedCommandResult> Result()
        {
#if DEBUG
            Assert.Skip("kernels that are not optimized take minutes for 20,000 pictures; run the tests in Release");
#endif
            return _result.Value;
        }

        /// <summary>Lines of the output, with each run of spaces as one.</summary>
        public async Task<string[]> Lines() =>
            [.. (await Result()).StandardOutput.ReplaceLineEndings("\n").Split('\n').Select(line => Regex.Replace(line.Trim(), " +", " "))];

        private static async Task<BufferedCommandResult> Start()
        {
            string configuration = typeof(SampleRun).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == "Configuration").Value!;
            string program = Path.Combine(Repository.Root, "samples", "Mnist", "bin", configuration, "net10.0", "Mnist.dll");
            return await Cli.Wrap("dotnet").WithArguments([program]).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
        }
    }
}
