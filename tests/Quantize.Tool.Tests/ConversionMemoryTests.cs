using Google.Protobuf;
using Quantize.Converter.TensorFlow.Protos;

namespace Quantize.Tool.Tests;

/// <summary>
/// A frozen graph converts in three times its size, and what the runtime itself takes: that is the peak of converting a graph of a few bytes. Peaks are the resident
/// memory's high-water mark, which Linux keeps for each process.
/// </summary>
public sealed class ConversionMemoryTests : IDisposable
{
    private const int MostPerByte = 3;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("None")]
    [InlineData("DynamicRange")]
    public async Task A_frozen_graph_converts_in_three_times_its_size(string quantization)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the peak of a process is read from /proc, which only Linux has");
        string large = Write("large.pb", LargeGraph.Of(channels: 512, blocks: 5, classes: 8000));
        string small = Write("small.pb", LargeGraph.Of(channels: 4, blocks: 1, classes: 4));
        long size = new FileInfo(large).Length;

        long fixedPeak = await Peak(small, quantization);
        long peak = await Peak(large, quantization);

        TestContext.Current.TestOutputHelper!.WriteLine(
            FormattableString.Invariant($"{quantization}: {size:N0} bytes in {peak:N0}, {fixedPeak:N0} of which an empty conversion takes: {(peak - fixedPeak) / (double)size:F2} times"));
        Assert.InRange(size, 60_000_000, 100_000_000);
        Assert.True(peak <= MostPerByte * size + fixedPeak, $"{size} bytes took {peak}");
    }

    private string Write(string name, GraphDef graph) => _folder.Write(name, graph.ToByteArray());

    private async Task<long> Peak(string model, string quantization)
    {
        (int exitCode, long peak) = await ToolProcess.Peak("convert", model, "-o", _folder.PathOf("out.tflite"), "--quantization", quantization);
        Assert.Equal(0, exitCode);
        return peak;
    }
}
