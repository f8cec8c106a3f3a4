using System.Text;
using Quantize.Tests;

namespace Quantize.Tool.Tests;

public sealed class InspectCommandTests(MnistFiles mnist) : IClassFixture<MnistFiles>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_tflite_file_shows_signatures_operators_tensors_totals_and_metadata()
    {
        string[] lines = Lines(ToolRun.Of("inspect", mnist.Quantized).Succeeded());
        Assert.StartsWith($"{new FileInfo(mnist.Quantized).Length:N0} bytes", lines[0]);
        Assert.Contains("serving_default input image Float32 [?,28,28] Placeholder:0", lines);
        Assert.Contains("serving_default output probabilities Float32 [?,10] Softmax:0", lines);
        Assert.Contains(lines, line => line.Contains("FullyConnected 12 Float32[?,3136] Int8[1024,3136] Float32[1024] Float32[?,1024]"));
        Assert.Contains(lines, line => line.Contains("Int8 [64,5,5,32] constant 51,200 64 scales along axis 0, "));
        Assert.Contains("FullyConnected 2 3,225,640", lines);
        Assert.Contains("quantize_build.arithmetic 7 Precise", lines);
    }

    [Fact]
    public void A_table_in_a_file_has_neither_lines_nor_colours_nor_spaces_at_the_end()
    {
        string output = ToolRun.Of("inspect", mnist.Quantized).Succeeded().Output;
        Assert.DoesNotContain(output, character => character is '\u001b' or '│' or '|');
        Assert.DoesNotContain(" \n", output);
    }

    [Fact]
    public void A_SavedModel_shows_its_signatures_and_operations()
    {
        string[] lines = Lines(ToolRun.Of("inspect", MnistFiles.SavedModel).Succeeded());
        Assert.Contains("classify output classes Int64 [?] ArgMax", lines);
        Assert.Contains("serving_default input image Float32 [?,28,28] Placeholder", lines);
        Assert.Contains("Conv2D 2", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("SaveV2", StringComparison.Ordinal));
    }

    [Fact]
    public void A_frozen_graph_shows_its_operations()
    {
        string[] lines = Lines(ToolRun.Of("inspect", Repository.Shared("data", "mnist_model", "frozen.pb")).Succeeded());
        Assert.Contains("MatMul 2", lines);
    }

    [Theory]
    [InlineData("missing.tflite", null, "QNT1001")]
    [InlineData("empty.tflite", "", "QNT1002")]
    [InlineData("noise.tflite", "no model, whatever the name says", "QNT1002")]
    [InlineData("pointer.pb", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3\n", "QNT1003")]
    public void A_model_that_is_none_is_told(string name, string? content, string id)
    {
        string path = content is null ? _folder.PathOf(name) : _folder.Write(name, Encoding.UTF8.GetBytes(content));
        ToolRun run = ToolRun.Of("inspect", path);
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"{path}: error {id}: ", run.Error);
    }

    [Fact]
    public void A_name_in_a_model_cannot_command_the_terminal()
    {
        string path = _folder.Write("hostile.pb", Graph("x\u001b[31m\n##vso[task.complete]"));
        ToolRun run = ToolRun.Of("inspect", path);
        Assert.DoesNotContain('\u001b', run.Output + run.Error);
        Assert.DoesNotContain("##vso[", run.Output + run.Error);
        Assert.Contains("\\u001B[31m", run.Output + run.Error);
    }

    /// <summary>The output's lines, with each run of spaces as one.</summary>
    private static string[] Lines(ToolRun run) =>
        [.. run.Output.Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];

    /// <summary>A GraphDef of a placeholder of that name and an Identity that reads it, in protobuf's bytes.</summary>
    private static byte[] Graph(string name)
    {
        byte[] placeholder = [.. Field(1, Encoding.UTF8.GetBytes(name)), .. Field(2, "Placeholder"u8), .. Float("dtype"u8)];
        byte[] identity = [.. Field(1, "y"u8), .. Field(2, "Identity"u8), .. Field(3, Encoding.UTF8.GetBytes(name)), .. Float("T"u8)];
        return [.. Field(1, placeholder), .. Field(1, identity)];
    }

    private static byte[] Float(ReadOnlySpan<byte> attribute) => Field(5, [.. Field(1, attribute), .. Field(2, [6 << 3, 1])]);

    private static byte[] Field(int number, ReadOnlySpan<byte> content) => [(byte)(number << 3 | 2), (byte)content.Length, .. content];
}
