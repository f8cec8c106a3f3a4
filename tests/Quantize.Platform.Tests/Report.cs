using System.Globalization;
using Quantize.Probe;

namespace Quantize.Platform.Tests;

/// <summary>What the probe printed on some platform, read back.</summary>
internal sealed class Report
{
    /// <summary>Float rows may fuse multiply and add: a few units in the last place of sums around 1.</summary>
    private const float FloatTolerance = 1e-5f;

    /// <summary>Numbers doubled and rounded to the output's codes, the best one's label; the same from codes; a picture's bytes less their mean, divided.</summary>
    private const string GeneratedResults = "2 7 -4 dog 4 24 -20 dog -0.99609375 0.99609375";

    private readonly string[][] _lines;

    private Report(string text)
    {
        _lines = [.. text.Split('\n').Select(line => line.TrimEnd('\r').Split('\t'))];
        Assert.True(_lines.Any(line => line[0] == "end"), $"the probe did not reach its end:\n{text}");
    }

    /// <summary>The same, computed in this process.</summary>
    public static Report Reference { get; } = InThisProcess();

    public string Instructions => string.Join(' ', Of("instructions").Single());

    public IEnumerable<string> Rows => Of("row").Select(words => words[0]);

    public static Report Parse(string text) => new(text);

    /// <summary>Every exact product has the reference's bits, every model output the scalar reference's value; speeds go to the test's output.</summary>
    public void AssertEqualsReference(params string[] rows)
    {
        Assert.Equal(rows, Rows);
        Assert.Equal([GeneratedResults], Of("generated").Single());
        Dictionary<string, string> hashes = Reference.Of("integers").Where(words => words[0] == "scalar").ToDictionary(words => words[1], words => words[2]);
        Dictionary<string, float[]> outputs = Reference.Of("outputs").Where(words => words[0] == "scalar").ToDictionary(words => words[1], words => Numbers(words[2]));
        Assert.Equal(rows.Length * hashes.Count, Of("integers").Count());
        Assert.Equal(rows.Length * outputs.Count, Of("outputs").Count());
        Assert.All(Of("integers"), words => Assert.Equal($"{words[0]} {words[1]} {hashes[words[1]]}", string.Join(' ', words)));
        Assert.All(Of("outputs"), words => AssertNear(outputs[words[1]], Numbers(words[2]), $"{words[0]} {words[1]}"));
        foreach (string[] words in Of("milliseconds"))
            TestContext.Current.TestOutputHelper!.WriteLine($"{words[0]} {words[1]}: {words[2]} ms");
    }

    private static void AssertNear(float[] expected, float[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= FloatTolerance, $"{what}: output {i} is {actual[i]:R}, not {expected[i]:R}");
    }

    private static float[] Numbers(string words) => [.. words.Split(' ').Select(word => float.Parse(word, CultureInfo.InvariantCulture))];

    private static Report InThisProcess()
    {
        var text = new StringWriter { NewLine = "\n" };
        ProbeReport.Write(text, speed: false);
        return new Report(text.ToString());
    }

    private IEnumerable<string[]> Of(string kind) => _lines.Where(line => line[0] == kind).Select(line => line[1..]);
}
